import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_teams"),
        ("tickets", "0018_index_of_refusals"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("submit", "Submitted"),
                    ("reply", "Answered"),
                    ("ask", "Asked the customer"),
                    ("note", "Internal note"),
                    ("auto_reply", "Automatic reply"),
                    ("customer", "Customer's message"),
                    ("hold", "Put on hold"),
                    ("unhold", "Hold ended"),
                    ("no_reply_needed", "No answer needed"),
                    ("severity", "Severity changed"),
                    ("resolve", "Resolved"),
                    ("close", "Closed"),
                    ("reopen", "Reopened"),
                    ("merge", "Another request merged in"),
                    ("merged_away", "Merged into another request"),
                    ("moved", "Moved to another organization"),
                    ("assigned", "Assigned"),
                    ("team", "Given to a team"),
                    ("confirmed", "Severity confirmed"),
                    ("warning", "Due soon"),
                    ("breach", "Promise missed"),
                    ("closed_by_itself", "Closed by itself"),
                    ("window_ended", "Reopen window ended"),
                    ("followed_up", "Followed up by a new request"),
                    ("details", "Details changed"),
                    ("named", "Named contact brought in"),
                    ("verified", "Verification recorded"),
                    ("shut_out", "Closed to who asked"),
                    ("linked", "Linked"),
                    ("unlinked", "Link removed"),
                    ("split", "Split"),
                    ("escalated", "Escalated"),
                    ("acknowledged", "Escalation acknowledged"),
                    ("escalation_ended", "Escalation ended"),
                    ("worked_elsewhere", "Worked on elsewhere"),
                    ("excluded", "Out of scope"),
                    ("exclusion_withdrawn", "Exclusion withdrawn"),
                    ("objected", "Objection"),
                    ("objection_answered", "Objection answered"),
                    ("work_logged", "Work logged"),
                    ("surveyed", "Rated"),
                    ("mail_bounced", "Mail came back"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
    ]
