"""The ground floor, on which all stands: arrays, files, steppers."""
