"""Writes an HDF5 file with h5py: hdf5_make.py TARGET KIND. The kinds differ in the structures that the library chooses."""
import sys
import h5py
import numpy as np

target, kind = sys.argv[1], sys.argv[2]
options = {'libver': 'latest'} if kind.startswith('latest') else {}
if kind == 'userblock':
    options['userblock_size'] = 1024
file = h5py.File(target, 'w', track_order=kind == 'ordered', **options)
numbers = np.arange(24, dtype=np.float32).reshape(2, 3, 4) - 7.5
few = 'latest' != kind and 'many' not in kind
for dtype in ['<f2', '<f4', '<f8', '>f2', '>f4', '>i8', 'i1', 'u1', '<i2', '<u2', '<i4', '<u4', '<i8', '<u8', '?'][::2 if few else 1]:
    file.create_dataset('types/' + dtype.replace('<', 'little').replace('>', 'big').replace('?', 'bool'), data=(np.arange(6) - 2).reshape(2, 3).astype(dtype))
file.create_dataset('scalar', data=np.float64(3.25))
file.create_dataset('empty', data=np.zeros((0, 3), np.float32))
file.create_dataset('texts/fixed', data=np.array([b'a', b'bcd', b'']))
file.create_dataset('texts/heap', data=np.array(['x', 'gr\u00fc\u00df', ''], dtype=h5py.string_dtype()))
if not kind.startswith('latest'):
    big = np.arange(35, dtype=np.int32).reshape(5, 7)
    file.create_dataset('chunks/plain', data=big, chunks=(2, 3))
    file.create_dataset('chunks/gzip', data=big, chunks=(2, 3), compression='gzip')
    file.create_dataset('chunks/all', data=big, chunks=(4, 4), compression='gzip', shuffle=True, fletcher32=True)
    file.create_dataset('chunks/sum', data=big.astype(np.int8), chunks=(3, 3), fletcher32=True)
    file.create_dataset('chunks/line', data=np.arange(300, dtype=np.int16), chunks=(7,), maxshape=(None,))
    sparse = file.create_dataset('chunks/sparse', shape=(6, 6), chunks=(2, 2), dtype='<f4', fillvalue=1.5)
    sparse[3, 3] = 2
else:
    file.create_dataset('chunks/one', data=numbers, chunks=numbers.shape)
    file.create_dataset('chunks/packed', data=numbers, chunks=numbers.shape, compression='gzip', shuffle=True)
file.create_dataset('nothing', shape=(2, 2), dtype='<f4', fillvalue=0.5)
file['link'] = h5py.SoftLink('/texts/fixed')
group = file.create_group('attributes')
group.attrs['text'] = 'a text'
group.attrs['bytes'] = b'more text'
group.attrs['names'] = np.array([b'kernel:0', b'bias:0'])
group.attrs['none'] = []
group.attrs['number'] = 3
group.attrs['numbers'] = numbers
if 'many' in kind:
    for i in range(60):
        group.attrs['attribute%d' % i] = i
    for i in range(400):
        file.create_dataset('many/d%03d' % i, data=np.float32(i))
file.close()
