"""How the demo district is made, one step a module; all of it is invented.

`shapes` draws curves and cuts polygons; `landscape` lays rivers, railway and hills; `plan` draws
the roads and the blocks between them; `blocks` fills each block with lanes, walls and buildings;
`streets` joins everything into one street layer; `people` houses the residents and draws the
communities; `walk` measures walking distances; `places` puts facilities; `plants` hides gaps of
known cause; `names` and `hours` hold the words.
"""
