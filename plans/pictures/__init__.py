"""Pictures of time as SVG text: pure functions over plain values, no database, no clock reading."""
