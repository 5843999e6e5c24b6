"""Every change of assemblies: `holding` them, their `resolutions`, and the seats of the `committee`."""
