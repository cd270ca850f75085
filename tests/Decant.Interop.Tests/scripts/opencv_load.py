"""Prints which graphs of a folder OpenCV cannot load: FOLDER. Graphs are the files NAME.pb, one name a line."""
import pathlib
import sys

import cv2

for graph in sorted(pathlib.Path(sys.argv[1]).glob("*.pb")):
    try:
        cv2.dnn.readNetFromTensorflow(str(graph))
    except cv2.error:
        print(graph.stem)
