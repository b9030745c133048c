"""Arguments that several tools take, as other agents call them."""

from __future__ import annotations

FILE_PATH = {
    "file_path": "path",
    "filePath": "path",
    "filepath": "path",
    "filename": "path",
    "file": "path",
}
FOLDER_PATH = {
    "dir": "path",
    "directory": "path",
    "dir_path": "path",
    "folder": "path",
}
