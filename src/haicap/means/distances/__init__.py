"""How far units lie apart by road or water, where that is known better than by the map."""
