"""Writes what h5py finds in a file: hdf5_dump.py FILE FOLDER. Each array is FOLDER/N.npy, index.txt tells their paths."""
import os
import sys
import h5py
import numpy as np

source, folder = sys.argv[1], sys.argv[2]
index = []


def save(kind, path, value):
    value = np.asarray(value)
    if value.dtype.kind == 'O':
        value = np.array([v if isinstance(v, bytes) else v.encode() for v in value.ravel()], dtype='S').reshape(value.shape)
    if value.dtype.kind == 'U':
        value = np.char.encode(value, 'utf-8')
    np.save(os.path.join(folder, '%d.npy' % len(index)), value)
    index.append(kind + '\t' + path)


def attributes(node):
    for name in node.attrs:
        value = node.attrs[name]
        save('attribute', node.name + '\t' + name, value if not isinstance(value, (str, bytes)) else np.array(value.encode() if isinstance(value, str) else value, dtype='S'))


def visit(name, node):
    attributes(node)
    if isinstance(node, h5py.Dataset):
        save('dataset', node.name, node[()])


with h5py.File(source, 'r') as file:
    attributes(file)
    file.visititems(visit)
with open(os.path.join(folder, 'index.txt'), 'w', encoding='utf-8') as out:
    out.write('\n'.join(index))
