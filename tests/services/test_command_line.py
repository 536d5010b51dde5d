"""The command line keeps its contract: one JSON document on stdout, the keys of the paper, the exit codes."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from tests.conftest import DEMO_DAY
from tests.paths import SAMPLES, needs_shared_data

AS_OF = ["--as-of", DEMO_DAY.isoformat()]


class Terminal:
    """Runs commands against one database and reads what they print."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = url
        self.capsys = capsys

    def run(self, *arguments: str) -> tuple[int, Any, str]:
        """Exit code, the JSON document, and what stands on stderr."""
        self.capsys.readouterr()
        code = main(["--db", self.url, *arguments, "--json", *AS_OF])
        out, err = self.capsys.readouterr()
        return code, json.loads(out), err

    def done(self, *arguments: str) -> Any:
        code, document, err = self.run(*arguments)
        assert code == 0, err
        return document


@pytest.fixture
def demo_terminal(own_demo_settings: Any, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(own_demo_settings.url(), capsys)


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(f"sqlite:///{tmp_path}/own.db", capsys)


def test_init_creates_a_database(terminal: Terminal) -> None:
    document = terminal.done("init")
    assert document["engine"] == "sqlite" and document["created"] and not document["demo"]
    assert (document["in_use"], document["file"]) == ("named", terminal.url.removeprefix("sqlite:///"))


def test_init_says_which_database_is_in_use_from_now_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIABAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("DIABAN_DATA", str(tmp_path / "office"))
    assert main(["init"]) == 0
    assert "Đang dùng: cơ sở dữ liệu của mình" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command", [["risk"], ["borders"], ["plan", "--from", "2026-12-01", "--to", "2026-12-02"]]
)
def test_a_mistyped_database_is_not_created(terminal: Terminal, tmp_path: Path, command: list[str]) -> None:
    code, document, _err = terminal.run(*command)
    assert (code, document["error"]["code"]) == (2, "no_database")
    assert "own.db" in document["error"]["message"] and "init" in document["error"]["hint"]
    assert not (tmp_path / "own.db").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("DIABAN_PORT", "abc"), ("DIABAN_LANGUAGE", "fr"), ("DIABAN_DATA", __file__)]
)
def test_a_setting_that_cannot_be_used_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["risk"]) == 2
    assert name in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["risk", "--lạ"], "Không có tùy chọn --lạ."),
        (["plan", "--to", "2026-12-02"], "Thiếu tùy chọn --from."),
        (["export", "premises"], "Thiếu"),
        (["lạ"], "Không có lệnh lạ."),
        (["export", "premises", "a.csv", "b.csv"], "Thừa: b.csv."),
        (["serve", "--port", "abc"], "Giá trị của --port không hợp lệ."),
    ],
)
def test_wrong_calls_are_told_in_vietnamese(terminal: Terminal, arguments: list[str], said: str) -> None:
    code, document, _err = terminal.run(*arguments)
    assert code == 2
    assert said in document["error"]["message"]


def test_the_ranking_for_a_person_names_places(
    demo_terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    first = demo_terminal.done("risk")["premises"][0]
    assert main(["--db", demo_terminal.url, "risk", *AS_OF]) == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert first["id"] not in line
    assert "Phường" in line and str(first["score"]).replace(".", ",").removesuffix(",0") in line


def test_init_demo_on_a_database_with_data_is_refused_with_exit_2(demo_terminal: Terminal) -> None:
    code, document, err = demo_terminal.run("init", "--demo")
    assert code == 2
    assert set(document["error"]) >= {"code", "message", "file", "sheet", "row", "column", "hint"}
    assert err.strip().splitlines()[-1] == document["error"]["message"]


def test_risk_ranks_every_active_premises_and_its_parts_add_up(demo_terminal: Terminal) -> None:
    document = demo_terminal.done("risk")
    assert document["as_of"] == DEMO_DAY.isoformat()
    assert set(document["model"]) >= {"name", "version", "fitted_on", "why"}
    assert len(document["premises"]) > 300
    assert [row["rank"] for row in document["premises"]] == list(range(1, len(document["premises"]) + 1))
    for row in document["premises"]:
        assert set(row) >= {"id", "ward", "score", "rank", "probability", "parts"}
        assert round(sum(part["points"] for part in row["parts"]), 1) == row["score"]
        assert 0 <= row["score"] <= 100
        assert all(part["text"] for part in row["parts"])


def test_borders_ranks_every_segment_and_its_parts_add_up(demo_terminal: Terminal) -> None:
    segments = demo_terminal.done("borders")["segments"]
    assert segments
    for row in segments:
        assert set(row) >= {
            "id", "units", "length_m", "risk", "rank", "parts", "premises", "hotspots", "last_joint_inspection"
        }  # fmt: skip
        assert len(row["units"]) == 2
        assert round(sum(part["points"] for part in row["parts"]), 1) == row["risk"]


def test_narrower_and_longer_border_segments_can_be_asked_for(demo_terminal: Terminal) -> None:
    usual = demo_terminal.done("borders")["segments"]
    longer = demo_terminal.done("borders", "--segment", "1000", "--width", "50")["segments"]
    assert len(longer) < len(usual)
    assert sum(s["premises"] for s in longer) < sum(s["premises"] for s in usual)


def test_plan_gives_visits_routes_coverage_and_reasons(demo_terminal: Terminal) -> None:
    document = demo_terminal.done(
        "plan", "--from", "2026-12-01", "--to", "2026-12-14", "--seed", "7", "--iterations", "200"
    )
    assert set(document) >= {"plan", "visits", "routes", "coverage", "borders", "unserved", "solver"}
    assert document["visits"]
    for visit in document["visits"]:
        assert set(visit) >= {
            "premises", "team", "date", "arrive", "leave", "order", "reason", "evidence", "joint_with",
            "drawn_at_random", "selection_probability", "kind",
        }  # fmt: skip
        assert "2026-12-01" <= visit["date"] <= "2026-12-14"
        assert visit["reason"]
        assert 0 < visit["selection_probability"] <= 1
    drawn = sum(visit["drawn_at_random"] for visit in document["visits"])
    assert drawn >= max(1, 0.15 * len(document["visits"]))
    assert all(set(row) >= {"ward", "before", "after", "target"} for row in document["coverage"])
    assert all(set(row) >= {"segment", "visited"} for row in document["borders"])
    assert set(document["solver"]) >= {"seconds", "iterations", "objective"}


def test_the_same_seed_and_iterations_give_the_same_plan(demo_terminal: Terminal) -> None:
    ask = ["plan", "--from", "2026-12-01", "--to", "2026-12-07", "--seed", "3", "--iterations", "100"]
    first, second = demo_terminal.done(*ask), demo_terminal.done(*ask)
    assert first["visits"] == second["visits"]
    assert first["plan"] != second["plan"]


def test_excluded_premises_stay_out_and_locked_ones_come_in(demo_terminal: Terminal, tmp_path: Path) -> None:
    ask = ["plan", "--from", "2026-12-01", "--to", "2026-12-14", "--seed", "7", "--iterations", "200"]
    before = demo_terminal.done(*ask)
    chosen = before["visits"][0]["premises"]
    wanted = next(row["premises"] for row in before["unserved"] if row["code"] == "lower_value")
    lock = tmp_path / "lock.txt"
    lock.write_text(f"{wanted}\n", encoding="utf-8")
    after = demo_terminal.done(*ask, "--exclude", chosen, "--lock", str(lock))
    visited = {visit["premises"] for visit in after["visits"]}
    assert chosen not in visited
    assert wanted in visited


def test_scan_raises_nothing_twice(demo_terminal: Terminal) -> None:
    first = demo_terminal.done("scan")
    assert set(first) >= {"as_of", "raised", "kept", "closed"}
    assert first["raised"] == []
    assert first["kept"] and all(set(row) >= {"id", "place"} for row in first["kept"])
    assert demo_terminal.done("scan") == first


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "xlsx", "csv", "kml"])
def test_premises_can_be_exported_in_each_format(demo_terminal: Terminal, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"premises.{suffix}"
    document = demo_terminal.done("export", "premises", str(file))
    assert set(document) == {"file", "rows"}
    assert document["rows"] > 300
    assert file.stat().st_size > 0


def test_a_template_is_written_for_each_kind(terminal: Terminal, tmp_path: Path) -> None:
    for kind in ("premises", "signals", "inspections", "patrols"):
        terminal.done("template", kind, str(tmp_path / f"{kind}.xlsx"))
        assert (tmp_path / f"{kind}.xlsx").exists()


def test_a_plan_without_any_district_says_what_to_do(terminal: Terminal) -> None:
    terminal.done("init")
    code, document, _err = terminal.run("plan", "--from", "2026-12-01", "--to", "2026-12-07")
    assert code == 2
    assert "import wards" in document["error"]["hint"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "--from", "mai", "--to", "2026-12-07"],
        ["plan", "--from", "2026-12-07", "--to", "2026-12-01"],
        ["import", "premises", "không-có.xlsx"],
        ["import", "wards", "không-có.geojson", "--valid-from", "2025-07-01"],
        ["export", "không-có", "x.csv"],
        ["không-có-lệnh"],
        ["risk", "--không-có"],
    ],
)
def test_bad_use_ends_with_exit_2_and_one_clear_message(demo_terminal: Terminal, arguments: list[str]) -> None:
    code, document, err = demo_terminal.run(*arguments)
    assert code == 2
    assert document["error"]["message"]
    assert document["error"]["message_en"]
    assert "Traceback" not in err


def test_a_database_that_cannot_be_reached_ends_with_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = main(["--db", f"postgresql+psycopg://x@127.0.0.1:{port}/x", "risk", "--json"])
    out, err = capsys.readouterr()
    assert code == 3
    assert json.loads(out)["error"]["code"] == "database_unreachable"
    assert "Traceback" not in err


def test_options_may_stand_before_or_after_the_command(demo_terminal: Terminal) -> None:
    code = main(["risk", "--db", demo_terminal.url, "--json", f"--as-of={DEMO_DAY}"])
    assert code == 0


def test_as_an_account_the_command_line_has_that_accounts_rights(demo_terminal: Terminal) -> None:
    code, document, _err = demo_terminal.run("risk", "--as", "nguoixem")
    assert (code, document["error"]["code"]) == (2, "not_allowed")
    assert demo_terminal.run("risk", "--as", "lichkiemtra")[0] == 0


@needs_shared_data
@pytest.mark.realdata
def test_an_office_starts_from_files_alone(terminal: Terminal) -> None:

    real = SAMPLES.parent / "real"
    terminal.done("init")
    wards = terminal.done(
        "import",
        "wards",
        str(real / "wards_2025_hadong_and_neighbours.osm.geojson"),
        "--valid-from",
        "2025-07-01",
    )
    assert wards["units"] == 13
    register = terminal.done("import", "premises", str(SAMPLES / "register_sample.xlsx"))
    assert set(register) >= {
        "read", "added", "updated", "unchanged", "rejected", "dropped_columns", "duplicates", "located",
        "warnings",
    }  # fmt: skip
    assert register["read"] == 120
    assert register["added"] > 90
    again = terminal.done("import", "premises", str(SAMPLES / "register_sample.xlsx"))
    assert (again["added"], again["updated"]) == (0, 0)
    assert terminal.done("import", "hotspots", str(SAMPLES / "hotspots_sample.geojson"))["added"] == 5
    assert terminal.done("import", "signals", str(SAMPLES / "signals_sample.csv"))["added"] > 0
    assert terminal.done("risk")["premises"]
    assert terminal.done("borders")["segments"]
    scan = terminal.done("scan")
    for alert in scan["raised"]:
        assert set(alert) >= {"id", "kind", "place", "score", "evidence", "text"}
        assert all(set(item) >= {"kind", "id", "date", "text"} for item in alert["evidence"])
