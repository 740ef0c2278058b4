"""`python -m firsthop` is `firsthop`."""

from firsthop.faces.cli import main

if __name__ == "__main__":
    main()
