"""`haicap reckon`."""

import json

import click

from haicap.config.home import Trouble


@click.command()
@click.option("--regime", required=True, help="Regime of reckoning, as procedures name it in `days`.")
@click.option("--limit", required=True, help='Length of time, such as "7 days" or "3 working days".')
@click.option(
    "--from", "start", required=True, help="Start in ISO 8601; without a zone it is Vietnam's time."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: `due` and its derivation.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def command(regime: str, limit: str, start: str, as_json: bool, language: str) -> None:
    """Say when a time limit ends, and how that follows from the law. Needs no database."""
    from haicap.config import messages

    messages.speak(language, "clocks")
    from haicap.clocks.sheet import reckon_json

    try:
        reckoned = reckon_json(regime, limit, start)
    except (ValueError, LookupError) as error:
        raise Trouble(f"{error.args[0]}.") from error
    if as_json:
        click.echo(json.dumps(reckoned, ensure_ascii=False, indent=1))
        return
    click.echo(reckoned["due"] or "-")
    for step in reckoned["derivation"]:
        click.echo(f"  {step['text']}")
