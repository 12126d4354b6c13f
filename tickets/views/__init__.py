"""The portal's doors to requests. Each finds what its reader may see, calls one verb, and answers."""

from tickets.views.asking import new, preview
from tickets.views.conversation import close, detail, open_again, reply
from tickets.views.drafts import new_draft, reply_draft
from tickets.views.files import download, signed_file
from tickets.views.listing import export, listing
from tickets.views.watching import watching
from tickets.views.worse import worse

__all__ = [
    "close",
    "detail",
    "download",
    "export",
    "listing",
    "new",
    "new_draft",
    "open_again",
    "preview",
    "reply",
    "reply_draft",
    "signed_file",
    "watching",
    "worse",
]
