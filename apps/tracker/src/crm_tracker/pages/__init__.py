"""The pages recipients see."""
