"""The page finder of the textbooks, as a peer: Otsu, the largest contour, approxPolyDP. {"pictures": [file]} on stdin."""

import json
import sys
import time

import cv2

LONG_SIDE = 800

cv2.setNumThreads(1)
found = []
for file in json.load(sys.stdin)["pictures"]:
    picture = cv2.imread(file)
    began = time.process_time()
    scale = LONG_SIDE / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    corners = None
    if contours:
        largest = max(contours, key=cv2.contourArea)
        polygon = cv2.approxPolyDP(largest, 0.02 * cv2.arcLength(largest, True), True)
        if len(polygon) == 4:
            corners = [[float(x / scale), float(y / scale)] for x, y in polygon[:, 0]]
    found.append({"corners": corners, "cpuSeconds": time.process_time() - began})
json.dump(found, sys.stdout)
