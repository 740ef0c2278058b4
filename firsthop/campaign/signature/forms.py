"""The forms of a signature: any; structural: without addresses, hosts and domains, so
that it survives their rotation."""

FORMS = ("any", "structural")
