"""Small programs that the Makefile runs; the application imports none of them."""
