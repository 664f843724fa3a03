"""`python -m mlcalc`."""

from mlcalc.cli import main

if __name__ == "__main__":
    main()
