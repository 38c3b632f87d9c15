"""Crowdloan (index 27): many accounts raise TAO for one purpose; see `calls`."""
