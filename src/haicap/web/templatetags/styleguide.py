"""The tag of the styleguide: `{% load styleguide %}`."""

import json

from django import template
from django.template.base import Node, NodeList, Parser, Token, TokenType
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


class Sample(Node):
    """Shows its content and, beside it, the template text that makes it."""

    def __init__(self, title: str, source: str, nodes: NodeList) -> None:
        self.title, self.source, self.nodelist = title, source, nodes

    def render(self, context: Context) -> SafeString:
        """The sample as a card."""
        shown = self.nodelist.render(context)
        part = context.template.engine.get_template("web/sample.html")  # type: ignore[union-attr]
        with context.push(title=self.title, shown=shown, source=self.source):
            return part.render(context)


def _written(token: Token) -> str:
    marks = {TokenType.VAR: "{{{{ {} }}}}", TokenType.BLOCK: "{{% {} %}}", TokenType.COMMENT: "{{# {} #}}"}
    return marks.get(token.token_type, "{}").format(token.contents)


@register.tag
def sample(parser: Parser, token: Token) -> Sample:
    """`{% sample "name" %}…{% endsample %}`: the name, the rendered content and its source."""
    title = json.loads(token.split_contents()[1])
    ahead = []
    tokens: list[Token] = parser.tokens  # type: ignore[assignment]
    for one in reversed(tokens):
        if one.contents == "endsample":
            break
        ahead.append(_written(one))
    nodes = parser.parse(("endsample",))
    parser.delete_first_token()
    return Sample(title, "".join(ahead).strip(), nodes)
