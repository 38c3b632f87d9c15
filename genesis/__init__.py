"""What a chain begins with: parameters, presets, chain specs and the well-known dev accounts."""
