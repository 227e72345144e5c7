"""A small campaign of simplifications in every run, on a fixed seed and on a fresh one."""

import json
import secrets

import pytest
import simplifications


def told(report, seed):
    return f"seed {seed}\n{report}\n" + "\n".join(json.dumps(f, ensure_ascii=False) for f in report.found)


@pytest.mark.parametrize("seed", [40_000, secrets.randbelow(1 << 30)], ids=["fixed", "fresh"])
def test_a_small_campaign(seed):
    report = simplifications.run(60, seed)
    assert report.bad == 0, told(report, seed)
    assert report.outcomes["right"] >= 20, told(report, seed)


@pytest.mark.slow
def test_ten_thousand():
    report = simplifications.run(10_000, 40_001)
    print(report)
    assert report.bad == 0, told(report, 40_001)
    assert report.outcomes["right"] >= 5_000


def test_the_campaign_sees_a_wrong_simplification(monkeypatch):
    """A simplification that loses a transpose or a factor is seen, and so is one that gets longer."""
    honest = simplifications.rewriting

    def wrong(e):
        value, derivation = honest(e)
        return (2 * value if value is not e else value), derivation

    monkeypatch.setattr(simplifications, "rewriting", wrong)
    report = simplifications.run(60, 40_000, shrink=False)
    assert report.outcomes["wrong"] + report.outcomes["longer"] >= 20, report
