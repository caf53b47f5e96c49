"""The October control in pandas, as one would write it there: the peer of the county import."""
