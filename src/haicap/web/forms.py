"""How `{{ form }}` and `{{ field.as_field_group }}` look; settings name it as FORM_RENDERER."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Django's own templates for controls, ours for what stands around them."""

    form_template_name = "web/parts/form.html"
    field_template_name = "web/parts/field.html"
