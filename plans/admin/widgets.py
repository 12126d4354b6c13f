"""Form fields for what a policy file writes in its own way: texts by language, spans of a day."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from plans.models.codes import validate_spans
from plans.texts import validate_text

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PAIRS = 2


class TextsWidget(forms.Widget):
    """A field for each language of the portal; what stands there in other languages is kept."""

    def __init__(self, rows: int = 1, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.rows = rows

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        texts = _texts(value)
        ident = (attrs or {}).get("id", f"id_{name}")
        fields = [
            {
                "code": code,
                "name": words,
                "id": ident if index == 0 else f"{ident}_{code}",
                "text": texts.get(code, ""),
            }
            for index, (code, words) in enumerate(settings.LANGUAGES)
        ]
        rest = {code: text for code, text in texts.items() if code not in LANGUAGES}
        context = {
            "name": name,
            "fields": fields,
            "rows": self.rows,
            "rest": json.dumps(rest) if rest else "",
        }
        return render_to_string("admin/plans/texts_widget.html", context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        # Browsers end lines in another way than policy files do.
        texts = {code: "\n".join(data.get(f"{name}-{code}", "").strip().splitlines()) for code in LANGUAGES}
        texts = {code: text for code, text in texts.items() if text} | _kept(data.get(f"{name}-rest"))
        if set(texts) == {"en"}:
            return texts["en"]
        return texts or ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}-{code}" in data for code in LANGUAGES)

    def id_for_label(self, id_: str) -> str:
        return id_


def _texts(value: Any) -> dict[str, str]:
    """A stored text as a map by language; a plain one counts as English."""
    if isinstance(value, dict):
        return value
    return {"en": value} if value else {}


def _kept(written: str | None) -> dict[str, str]:
    try:
        rest = json.loads(written or "{}")
    except ValueError:
        return {}
    return {str(code): str(text) for code, text in rest.items()} if isinstance(rest, dict) else {}


class TextsField(forms.Field):
    """A text as the policy file has it: a string, or a map by language."""

    widget = TextsWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _texts(initial) != _texts(data)


class ExamplesWidget(TextsWidget):
    """A list of texts, one a line; the same line of each language is the same example."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return super().render(name, by_language(value if isinstance(value, list) else []), attrs, renderer)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        lines = {code: data.get(f"{name}-{code}", "").splitlines() for code in LANGUAGES}
        lines |= {code: text.splitlines() for code, text in _kept(data.get(f"{name}-rest")).items()}
        return _by_line(lines)


class ExamplesField(forms.Field):
    """Examples as the policy file has them: each a string, or a map by language."""

    widget = ExamplesWidget

    def clean(self, value: Any) -> list[Any]:
        for example in value or []:
            validate_text(example)
        return list(value or [])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])


def by_language(examples: list[Any]) -> dict[str, str]:
    """The examples of each language, one a line; a line is empty where an example lacks that language."""
    texts = [_texts(example) for example in examples]
    codes = dict.fromkeys(code for text in texts for code in text)
    return {code: "\n".join(" ".join(text.get(code, "").split()) for text in texts) for code in codes}


def _by_line(lines: dict[str, list[str]]) -> list[Any]:
    found = []
    for number in range(max(map(len, lines.values()), default=0)):
        texts = {code: rows[number].strip() for code, rows in lines.items() if number < len(rows)}
        texts = {code: text for code, text in texts.items() if text}
        if texts:
            found.append(texts["en"] if set(texts) == {"en"} else texts)
    return found


class SpansWidget(forms.Widget):
    """Spans of a day as pairs of times: from, to, and from, to again."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        spans = [span.partition("-")[::2] for span in value or []]
        spans += [("", "")] * max(PAIRS - len(spans), 0)
        ident = (attrs or {}).get("id", f"id_{name}")
        pairs = [
            {"n": index, "begin": begin, "end": end, "id": ident if index == 0 else f"{ident}_{index}"}
            for index, (begin, end) in enumerate(spans)
        ]
        return render_to_string("admin/plans/spans_widget.html", {"name": name, "pairs": pairs})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        many = hasattr(data, "getlist")
        begins = data.getlist(f"{name}-from") if many else data.get(f"{name}-from", [])
        ends = data.getlist(f"{name}-to") if many else data.get(f"{name}-to", [])
        pairs = zip(begins, ends, strict=False)
        return [f"{_wall(a)}-{_wall(b)}" for a, b in pairs if a.strip() or b.strip()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-from" not in data

    def id_for_label(self, id_: str) -> str:
        return id_


def _wall(written: str) -> str:
    """A time as people write it ("9", "9.30", "0900") as HH:MM; anything else as it stands."""
    match = re.fullmatch(r"\s*(\d{1,2})(?:[:.h]?(\d{2}))?\s*", written)
    if not match:
        return written.strip()
    return f"{int(match[1]):02d}:{match[2] or '00'}"


class SpansField(forms.Field):
    """Opening spans of one day; none means closed."""

    widget = SpansWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"required": False} | kwargs))

    def validate(self, value: Any) -> None:
        for span in value or []:
            begin, _dash, end = span.partition("-")
            if not begin or not end:
                raise forms.ValidationError(_("Write both times, from and to, or leave both empty."))
            try:
                validate_spans([span])
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("“%(span)s” is no span. Write times as 09:00 and 17:30; the end of a day is 24:00."),
                    params={"span": span},
                ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])
