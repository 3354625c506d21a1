"""Prints the NFC of each line of the standard input, all as scalars in hexadecimal. Usage: /usr/bin/python3 composed.py < LINES"""
import sys
import unicodedata

for line in sys.stdin:
    text = "".join(chr(int(word, 16)) for word in line.split())
    print(" ".join("%x" % ord(c) for c in unicodedata.normalize("NFC", text)))
