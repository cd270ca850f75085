#!/usr/bin/python3
"""opencv.py TASK.json: OpenCV's DNN module on a frozen graph."""
import json, os, statistics, sys, time
import cv2
import numpy as np

task = json.load(open(sys.argv[1]))
cv2.setNumThreads(task["threads"])
net = cv2.dnn.readNetFromTensorflow(task["model"])
names = net.getUnconnectedOutLayersNames()
inputs = [(i["name"] if len(task["inputs"]) > 1 else "", np.fromfile(i["file"], i["dtype"]).reshape(i["shape"])) for i in task["inputs"]]


def run():
    for name, x in inputs:
        net.setInput(x.transpose(0, 3, 1, 2) if x.ndim == 4 else x, name)
    return net.forward(names)


end, runs = time.perf_counter() + 0.3 * task["seconds"], 0
while runs < 3 or time.perf_counter() < end:
    outputs, runs = run(), runs + 1
times, end = [], time.perf_counter() + task["seconds"]
while len(times) < 10 or time.perf_counter() < end:
    start = time.perf_counter()
    outputs = run()
    times.append(1000 * (time.perf_counter() - start))
files = []
for i, y in enumerate(outputs):
    y = np.ascontiguousarray(y.transpose(0, 2, 3, 1) if y.ndim == 4 else y, np.float32)
    y.tofile(os.path.join(task["folder"], f"y_{i}.bin"))
    files.append({"file": os.path.join(task["folder"], f"y_{i}.bin"), "shape": y.shape})
print(json.dumps({"median": statistics.median(times), "runs": len(times), "outputs": files}))
