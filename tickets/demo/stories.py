"""What the demonstration's people asked, and what came of it.

A story's ``age`` is how many hours ago it was asked; a step's hours are counted from then. Steps are the
verbs that any other request goes through, at instants in the past.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """``verb`` as in ``tickets.demo.requests``; ``text`` is what is said with it."""

    hours: float
    verb: str
    text: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class Story:
    """A request of ``slug``'s administrator, or of the partner for it. No severity: the default."""

    slug: str
    age: float
    subject: str
    text: str
    severity: str = ""
    support_type: str = ""
    steps: tuple[Step, ...] = ()
    by_partner: bool = False
    assigned: str = ""


AGENT, LEAD = "agent@support.example", "lead@support.example"
_SPONSORED = "demo-nextplane-startup-partner"
_STARTUP, _BUSINESS = "demo-nextplane-startup", "demo-nextplane-business"
_ENTERPRISE, _CUSTOM = "demo-nextplane-enterprise", "demo-nextplane-custom"
_MSP_STANDARD, _MSP_PREMIUM = "demo-jumpcloud-msp-standard", "demo-jumpcloud-msp-premium"

STORIES = (
    Story(
        _STARTUP,
        92,
        "Messages to Hanse Terminals stopped arriving",
        "Since about 15:00 our time nobody at Hanse Terminals receives chat messages from us."
        " Theirs reach us. Around 340 dispatchers are affected and the night handover depends on this.",
        "P1",
        "technical",
        (
            Step(
                1.5,
                "answer",
                "Thank you, we see it too. The other side rejects our certificate since their renewal.",
            ),
            Step(
                26,
                "ask",
                "Could you send the connector log from after 15:00, and tell us who runs their gateway?",
            ),
            Step(
                27.5,
                "note",
                "Same chain problem as last month. The refresh from our side needs a lead to approve.",
            ),
            Step(29, "hear", "Log attached. Their gateway is run by Jonas Petersen, copied here."),
            Step(
                88,
                "answer",
                "The refresh is approved. We renew the trust tonight and write again after the test.",
            ),
        ),
        assigned=AGENT,
    ),
    Story(
        _STARTUP,
        1.5,
        "Add two domains to the federation with Port Aurelia",
        "Please add aurelia.example and aurelia-cargo.example to the existing federation.",
        "P4",
        "technical",
    ),
    Story(
        _STARTUP,
        50,
        "Delivery report shows wrong totals for November",
        "The monthly delivery report counts every message twice since the first of the month.",
        "P2",
        "technical",
        (Step(3, "answer", "We can reproduce it with your October data and look at the counter now."),),
        assigned=LEAD,
    ),
    Story(
        _STARTUP,
        75,
        "Presence missing for the Hamburg office",
        "Twelve people in Hamburg show as offline although they chat.",
        "P3",
        "technical",
        (Step(6, "ask", "Which two accounts should we compare? One that works and one that does not."),),
        assigned=AGENT,
    ),
    Story(
        _STARTUP,
        120,
        "Chat history export for the October audit",
        "We need the chat history of three accounts for an audit.",
        "P4",
        "technical",
        (
            Step(5, "answer", "The export runs tonight."),
            Step(70, "resolve", "The export lies in your management portal. It is kept there for 30 days."),
        ),
        assigned=AGENT,
    ),
    Story(
        _STARTUP,
        24 * 12,
        "Invoice shows a domain we removed",
        "The invoice of this month still lists a domain that we removed in September.",
        "P4",
        "billing",
        (
            Step(4, "answer", "You are right. A corrected invoice is on its way."),
            Step(30, "hear", "It has arrived, thank you."),
            Step(31, "close", ""),
            Step(32, "rate", "Corrected the same day, thank you."),
        ),
    ),
    Story(
        _STARTUP,
        24 * 40,
        "Certificate renewal for the gateway",
        "Our gateway certificate runs out next week. Who has to do what?",
        "P3",
        "technical",
        (
            Step(
                7, "answer", "Upload the new one in the management portal; the old one stays valid for a day."
            ),
            Step(60, "close", ""),
        ),
    ),
    Story(
        _BUSINESS,
        30,
        "Delivery receipts missing for mobile users",
        "People on phones never see whether a message arrived. On the desktop it works.",
        "P2",
        "technical",
        (Step(1, "answer", "We see it on iOS only so far. Could be the new client; we test the older one."),),
        assigned=LEAD,
    ),
    Story(
        _BUSINESS,
        0.4,
        "Guest accounts cannot join a federated room",
        "Since this morning guests get an error when they join a room of our partner.",
        "P3",
        "technical",
    ),
    Story(
        _ENTERPRISE,
        70,
        "Presence flickers between Teams and Webex",
        "Presence changes every few seconds between available and away for about forty people.",
        "P2",
        "technical",
        (Step(1.2, "answer", "We lowered the polling rate for your tenant and watch the effect."),),
        assigned=LEAD,
    ),
    Story(
        _ENTERPRISE,
        6,
        "Two users cannot see the partner directory",
        "Two new colleagues do not find anybody of the partner in the directory.",
        "P3",
        "technical",
    ),
    Story(
        _CUSTOM,
        5,
        "No federation with the pilot station",
        "Nobody reaches the pilot station by chat. Ships are waiting for instructions by radio.",
        "P1",
        "technical",
        (
            Step(0.4, "answer", "On it. The gateway of the pilot station does not answer; we call them now."),
            Step(1.9, "answer", "They restarted their gateway, messages pass again. We keep watching."),
            Step(3.6, "answer", "Stable for an hour and a half. The cause was a full disk on their side."),
        ),
        assigned=AGENT,
    ),
    Story(
        _CUSTOM,
        24 * 8,
        "Chat to the customs office fails",
        "Nobody at the customs office gets our messages; ships queue at the lock.",
        "P1",
        "technical",
        (
            Step(1.5, "answer", "Your gateway answers nothing at all, so we could not reach you either."),
            Step(3, "hear", "The gateway is up again, a switch had failed. Messages pass."),
            Step(3.2, "answer", "Good. We keep watching until tonight."),
            Step(5, "resolve", "No message was lost; all of them have arrived by now."),
            Step(
                22,
                "exclude",
                "Your own gateway was down until after our hour was over, so no answer could reach you.",
            ),
            Step(30, "object", "Our gateway was up again before your hour was over."),
            Step(47, "uphold", "Its log, which you sent us, begins when our hour was over already."),
        ),
        assigned=AGENT,
    ),
    Story(
        _SPONSORED,
        24 * 9,
        "Which certificate does Aster Freight expect from us?",
        "We renewed ours last week, and since then their messages are the only ones that we get.",
        "P3",
        "technical",
        (
            Step(4, "answer", "The one that signs it is new to them. We send you both names to compare."),
            Step(24 * 5, "work", "Compared both certificates, wrote the steps down", 50),
            Step(24 * 6, "work", "Renewed the trust together by phone", 30),
            Step(24 * 6 + 1, "resolve", "Messages pass in both directions again."),
        ),
        assigned=AGENT,
    ),
    Story(
        _MSP_STANDARD,
        28,
        "Device group names in Chinese are cut off",
        "Group names with more than eight Chinese characters are cut off in the device list.",
        "S3",
        "technical",
        (),
        True,
        AGENT,
    ),
    Story(
        _MSP_STANDARD,
        60,
        "Password reset mails arrive hours late",
        "Reset mails for this organization take two to three hours.",
        "S2",
        "technical",
        (
            Step(
                4, "answer", "Their mail filter holds the messages. We ask you to allow our sending address."
            ),
            Step(20, "hear", "Done, we allowed it this morning."),
        ),
        True,
        AGENT,
    ),
    Story(
        _MSP_PREMIUM,
        0.8,
        "All devices lose their policies after the weekend",
        "Every laptop of the clinic came up without its policies this morning.",
        "S1",
        "technical",
        (),
        True,
    ),
    Story(
        _MSP_PREMIUM,
        90,
        "Agent install is failing on new Macs",
        "The agent stops at 80 percent on every new Mac.",
        "S2",
        "technical",
        (
            Step(1, "answer", "This is the new notarization check. We send you a build for testing today."),
            Step(9, "hear", "The test build works on both machines."),
            Step(12, "resolve", "The fixed version is published. New installs take it by themselves."),
        ),
        assigned=LEAD,
    ),
    Story(
        "demo-office-365-subscription",
        20,
        "How do credits appear on the invoice?",
        "We were told to expect a credit for October but do not see it on the invoice.",
        "C",
        "billing",
    ),
    Story(
        "demo-office-365-base-premier",
        3,
        "Shared mailboxes open read-only",
        "Several users can open shared mailboxes but not write in them since the update.",
        "B",
        "technical",
        (Step(1.2, "answer", "We compare the permissions before and after the update."),),
        assigned=AGENT,
    ),
    Story(
        "demo-office-365-premier-office-365",
        26,
        "Recipients outside cannot open a site",
        "Guests get an access error on one site; others work.",
        "C",
        "technical",
        (Step(2, "ask", "Which address did the guest sign in with? We need one example."),),
        assigned=AGENT,
    ),
    Story(
        "demo-office-365-cloud-vantage",
        1,
        "One user cannot send instant messages",
        "One colleague cannot send instant messages; receiving works.",
        "C",
        "technical",
    ),
    Story(
        "demo-nexraid-trial",
        22,
        "试用版可以转为正式订阅吗？",
        "试用期还有十天，我们想知道如何转换以及数据是否保留。",
        "",
        "billing",
        (Step(3, "answer", "可以。转换后数据全部保留，账单从转换当天开始计算。"),),
        assigned=AGENT,
    ),
    Story(
        "demo-nexraid-paid",
        14,
        "目錄同步停止",
        "自昨晚起，目錄同步沒有再執行，新同事無法登入。",
        "",
        "standard-technical",
    ),
    Story(
        "demo-nexraid-enterprise",
        9,
        "Mailbox moves stop at 95 percent",
        "Eleven mailbox moves have been at 95 percent since last night.",
        "high",
        "advanced-technical",
        (Step(0.9, "answer", "The moves wait for a lock that we can release. We do the first one now."),),
        assigned=LEAD,
    ),
    Story(
        "demo-two-tier-standard",
        65,
        "Question about export formats",
        "Which formats can reports be exported in?",
        "low",
        "technical",
        (Step(40, "answer", "CSV and JSON today. Spreadsheet files come with the next release."),),
    ),
    Story(
        "demo-two-tier-enterprise",
        1.3,
        "Invoice run stops at step 4",
        "The nightly invoice run stops at step 4. Nothing can be billed today.",
        "high",
        "technical",
    ),
    Story(
        "demo-two-tier-enterprise",
        7,
        "Nightly export leaves out three tables",
        "Since Tuesday the export has no orders, no returns and no prices. The rest is complete.",
        "medium",
        "technical",
        (
            Step(0.3, "answer", "We see the gap in last night's log and compare it with Monday's."),
            Step(4, "escalate", "The second night without a whole export, and our auditors come on Monday."),
            Step(4.4, "acknowledge"),
            Step(4.6, "answer", "I have taken this over. Two people run the export by hand while we look."),
        ),
        assigned=LEAD,
    ),
    Story(
        "demo-two-tier-enterprise",
        24 * 19,
        "Login page was slow on Monday",
        "Signing in took up to a minute between 08:00 and 09:00.",
        "medium",
        "technical",
        (
            Step(0.3, "answer", "A node was out of the balancer and is back. We look at why."),
            Step(30, "resolve", "The node had run out of memory; its limit is raised and watched now."),
        ),
        assigned=LEAD,
    ),
)
