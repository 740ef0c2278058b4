"""A campaign as rules of Rspamd: a Lua file with symbols, and their scores."""
