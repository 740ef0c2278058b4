"""A campaign as rules of SpamAssassin 4: `__` rules for what is asked, and a `meta`
with score and description for each rule."""
