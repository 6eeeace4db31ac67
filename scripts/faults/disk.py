"""An ext4 file system in a file, and copies of it as it is at one moment: what a power cut leaves behind."""
import os
import subprocess
import sys
import time

from exercise import Failed, did_not_run, run

SIZE = 4 << 30  # The vault keeps 2 GiB free; the image is sparse.


def own_mounts():
    """Goes on in a mount namespace of this run: its mounts are seen by nobody else, and go with it however it ends."""
    if os.geteuid() != 0:
        did_not_run("power cuts need root, to mount an image")
    if not os.path.exists("/dev/loop-control"):
        did_not_run("power cuts need loop devices")
    if os.environ.get("LIUHEN_OWN_MOUNTS") != "1":
        os.environ["LIUHEN_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable, *sys.argv])


def copy(source, target):
    run("cp", "--sparse=always", "--reflink=auto", source, target)


class Disk:
    """An ext4 file system in a file."""

    def __init__(self, image, point):
        self.image, self.point = image, point
        os.makedirs(point, exist_ok=True)

    def make(self):
        with open(self.image, "wb") as file:
            file.truncate(SIZE)
        # Nothing left to do in the background: each write to the image is then one that the test caused.
        run("mkfs.ext4", "-q", "-F", "-N", "65536", "-m", "0", "-J", "size=16",
            "-E", "lazy_itable_init=0,lazy_journal_init=0", self.image)

    def mount(self):
        for _ in range(9):
            # The next free loop device may be taken by somebody else between finding and setting it up.
            if subprocess.run(["mount", "-o", "loop,noatime", self.image, self.point], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return
            time.sleep(0.5)
        run("mount", "-o", "loop,noatime", self.image, self.point)

    def unmount(self):
        for _ in range(300):
            if subprocess.run(["umount", self.point], stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise Failed(f"{self.point} cannot be unmounted")

    def written(self):
        """Blocks of writes that reached the loop device, and whether any is under way."""
        device = subprocess.run(["findmnt", "-n", "-o", "SOURCE", self.point], capture_output=True, text=True,
                                check=True).stdout.strip()
        with open(f"/sys/block/{os.path.basename(device)}/stat", encoding="utf-8") as file:
            fields = file.read().split()
        return (fields[4], fields[6]), fields[8] == "0"

    def cut(self, target):
        """Copies the image as it is at one moment. Returns how many copies had to be made.

        A copy takes some milliseconds, in which the kernel may write to the image. So the loop device's counters are
        compared: if a block was written while copying, the copy is no moment in time and is made again.
        """
        for attempt in range(1, 201):
            before, quiet = self.written()
            if not quiet:
                time.sleep(0.002)
                continue
            copy(self.image, target)
            if self.written() == (before, True):
                return attempt
        raise Failed("the image never stood still")
