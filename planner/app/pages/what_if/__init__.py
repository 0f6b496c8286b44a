"""What if: facilities and ways changed on the map, with the figures before and after."""
