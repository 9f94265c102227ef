"""Layers that torch lacks: each a self-contained, typed `nn.Module` file that imports torch alone.

A class that is imported here can be called in a plan as "modules.ClassName".
"""
