"""What the programs in the folder above share."""
