"""The Chinese catalogues: complete, in step with the sources, with the words of the glossary. No database."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LOCALES = ("zh_Hans", "zh_Hant")
HOLE = re.compile(r"%\([a-zA-Z_]\w*\)[a-zA-Z]|\{[a-zA-Z_]*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
PLACES_WITHOUT_WORDS = ("tests", "bench", "var", "staticfiles", "locale")

# A character set that one script is written in and the other is not.
CHARACTERS = {"zh_Hans": "gb2312", "zh_Hant": "big5"}

# Characters of the other script that Big5 has in another meaning, and words of the other side of the strait.
NOT_WRITTEN = {
    "zh_Hans": re.compile(
        "默認|預設|预设|使用者|登入|登出|档案|行事历|资讯|支援|透过|管道|储存|搜寻|汇出|位址|伺服器"
    ),
    "zh_Hant": re.compile(
        r"后|里|么|于|并|支持|設置|信息|用戶|默認|登錄|通過(?=\w)|郵箱|渠道|網絡|軟件|視頻|質量|賬|鏈接|搜索|保存|添加|"
        "字段|服務器|日誌|屏幕|加載|創建|缺省|反饋|日曆|移動電話|文檔"
    ),
}

# Customers and staff read these on every page (Simplified, Traditional).
WORDS = {
    "New request": ("新建请求", "新增請求"),
    "Your support": ("您的支持", "您的支援"),
    "First answer by %(moment)s.": ("首次答复不晚于 %(moment)s。", "首次答覆不晚於 %(moment)s。"),
    "Next news by %(moment)s.": ("下次更新不晚于 %(moment)s。", "下次更新不晚於 %(moment)s。"),
    "Running": ("计时中", "計時中"),
    "Due soon": ("即将到期", "即將到期"),
    "Paused since": ("已暂停，自", "已暫停，自"),
    "Met": ("已兑现", "已兌現"),
    "Missed": ("逾期", "逾期"),
    "No promised time": ("没有约定时间", "沒有約定時間"),
    "Counted": ("计入", "計入"),
    "Not counted": ("不计入", "不計入"),
    "Still to come": ("剩余", "尚餘"),
    "Closed for the weekend": ("非服务时间（周末）", "非服務時間（週末）"),
    "Every stretch, in words": ("逐段说明", "逐段說明"),
    "Why then?": ("为什么是这个时间？", "為什麼是這個時間？"),
    "Open now": ("正在服务", "服務中"),
    "Waiting for you": ("等待您的回复", "等待您的回覆"),
    "On hold": ("暂挂", "暫緩"),
    "Resolved": ("已解决", "已解決"),
    "Closed": ("已关闭", "已關閉"),
    "Reopen (until %(moment)s)": ("重新打开（截至 %(moment)s）", "重新開啟（截至 %(moment)s）"),
    "It got worse": ("情况变严重了", "情況變嚴重了"),
    "Internal, staff only": ("内部备注，仅员工可见", "內部備註，僅員工可見"),
    "Severity": ("严重程度", "嚴重程度"),
    "Statement of promises": ("承诺对账单", "承諾對帳單"),
    "Draft saved": ("草稿已保存", "草稿已儲存"),
}

pytestmark = pytest.mark.parametrize("locale", LOCALES)


def path(locale: str, ending: str) -> Path:
    return REPOSITORY / "locale" / locale / "LC_MESSAGES" / f"django.{ending}"


@cache
def catalogue(locale: str) -> polib.POFile:
    return polib.pofile(str(path(locale, "po")))


def texts(entry: polib.POEntry) -> list[str]:
    """What the entry says: one text, or one for each plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def key(entry: polib.POEntry | polib.MOEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt or None, entry.msgid, entry.msgid_plural or ""


def faults(locale: str, wrong: Callable[[str, str], Any]) -> list[str]:
    """The translations, after their source, of which ``wrong(source, text)`` holds."""
    sources = [(entry.msgid_plural or entry.msgid, entry) for entry in catalogue(locale)]
    return [f"{source!r}: {text!r}" for source, e in sources for text in texts(e) if wrong(source, text)]


def test_everything_is_translated(locale: str) -> None:
    assert len(catalogue(locale)) > 1000
    assert faults(locale, lambda source, text: not text.strip()) == []
    assert [entry.msgid for entry in catalogue(locale) if entry.fuzzy or entry.obsolete] == []
    assert not catalogue(locale).metadata_is_fuzzy


def test_one_form_serves_every_number(locale: str) -> None:
    assert catalogue(locale).metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert [e.msgid for e in catalogue(locale) if e.msgid_plural and list(e.msgstr_plural) != [0]] == []


@pytest.mark.parametrize("part", [HOLE, TAG], ids=["placeholders", "tags"])
def test_nothing_is_lost_between_the_languages(locale: str, part: re.Pattern[str]) -> None:
    """The one Chinese form stands for the English plural, so it carries what that carries."""

    assert faults(locale, lambda source, text: set(part.findall(source)) != set(part.findall(text))) == []


def test_lines_begin_and_end_alike(locale: str) -> None:
    def ends(text: str) -> tuple[bool, bool]:
        return text.startswith("\n"), text.endswith("\n")

    assert faults(locale, lambda source, text: ends(source) != ends(text)) == []


def test_what_runs_is_what_was_written(locale: str) -> None:
    """The .mo holds what the .po says; it is made by ``manage.py compilemessages``."""
    compiled = {key(e): texts(e) for e in polib.mofile(str(path(locale, "mo")))}  # type: ignore[arg-type]
    assert compiled == {key(entry): texts(entry) for entry in catalogue(locale)}


def test_each_script_keeps_to_its_characters(locale: str) -> None:
    def foreign(_source: str, text: str) -> bool:
        return any(not sign.encode(CHARACTERS[locale], "ignore") for sign in IDEOGRAPH.findall(text))

    assert faults(locale, foreign) == []


def test_each_side_keeps_to_its_words(locale: str) -> None:
    assert faults(locale, lambda _source, text: NOT_WRITTEN[locale].search(text)) == []


def test_signs_are_those_of_the_script(locale: str) -> None:
    """Quotation marks of its own, and full-width signs after an ideograph."""
    others = "「」『』" if locale == "zh_Hans" else "“”‘’"
    wrong = re.compile(rf"[{others}]|[\u4e00-\u9fff](?:[,;:!?]|\.(?!\w))")
    assert faults(locale, lambda _source, text: wrong.search(text)) == []


def test_the_agreed_words_are_used(locale: str) -> None:
    found = {entry.msgid: texts(entry)[0] for entry in catalogue(locale) if not entry.msgctxt}
    agreed = {source: words[LOCALES.index(locale)] for source, words in WORDS.items()}
    assert {source: found.get(source) for source in agreed} == agreed


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Catalogues made anew of the sources as they are, in a copy: the working tree is left alone."""
    assert shutil.which("xgettext"), "gettext is not installed: run `make test`, or apt-get install gettext"
    copy = tmp_path_factory.mktemp("sources")
    for folder, names, files in os.walk(REPOSITORY):
        here = Path(folder)
        within = here.relative_to(REPOSITORY)
        names[:] = [
            name
            for name in names
            if not name.startswith((".", "__")) and (here != REPOSITORY or name not in PLACES_WITHOUT_WORDS)
        ]
        for name in files:
            if name.endswith((".py", ".html", ".txt")):
                (copy / within).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(here / name, copy / within / name)
    (copy / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "--verbosity", "0"]
    for locale in LOCALES:
        command += ["--locale", locale]
    # Collecting reads no database: naming one keeps the copy from starting a server of its own.
    none = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    environment = os.environ | none | {"DATA_DIR": str(copy / "var"), "KEPT_TEST": "1"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return copy / "locale"


def test_the_catalogue_has_the_strings_of_the_sources(sources: Path, locale: str) -> None:
    """``manage.py makemessages -l zh_Hans -l zh_Hant --no-obsolete --add-location file`` brings them in."""
    now = {key(entry) for entry in polib.pofile(str(sources / locale / "LC_MESSAGES" / "django.po"))}
    held = {key(entry) for entry in catalogue(locale)}
    assert {"not in the catalogue": now - held, "no longer used": held - now} == {
        "not in the catalogue": set(),
        "no longer used": set(),
    }
