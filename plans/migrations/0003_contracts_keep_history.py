import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_people_records_stay'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('plans', '0002_published_editions_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContractEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('kind', models.CharField(choices=[('made', 'Made'), ('renewed', 'Renewed'), ('amended', 'Amended'), ('ended', 'Ended early'), ('told', 'Told that it ends')], max_length=10, verbose_name='what')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                'verbose_name': 'event of a contract',
                'verbose_name_plural': 'events of contracts',
                'ordering': ['contract', 'at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='contract',
            name='ending_told',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, help_text='Days before its end of which was told last.', null=True),
        ),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(condition=models.Q(('ends_on__isnull', False)), fields=['ends_on'], name='contract_sweep_end'),
        ),
        migrations.AddField(
            model_name='contractevent',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='contractevent',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='plans.contract'),
        ),
        migrations.AddConstraint(
            model_name='contractevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['made', 'renewed', 'amended', 'ended', 'told'])), name='contractevent_kind_known'),
        ),
    ]
