"""Countries and the regions of the network: reference data."""
