"""Forms of the portal: what was typed, made into what the verbs take, or faults in words."""
