"""Layers that torch lacks, one file a class: `drop_path.py` holds `DropPath`.

Each file is a self-contained, typed `nn.Module` that imports nothing but torch and `math`, since the source
writer prints the class, as it stands, into the exported file. A plan calls it "modules.DropPath".
"""
