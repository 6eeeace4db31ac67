"""First page after the start of the process, memory of an idle server, whole steps over HTTP."""
import subprocess
import time

from common import BIN, SCRATCH, Server, prepare, say, secret_of

ROUNDS = 7
place = SCRATCH / "demo"
prepare(place)
starts, idle = [], []
for _ in range(ROUNDS):
    server = Server(place)
    starts.append(server.started)
    # After the first round of background work.
    time.sleep(3)
    assert not server.children(), "an idle server has children"
    idle.append(server.memory("VmRSS"))
    server.stop()
say("first-page", starts, note="a demonstration with five cases")
say("server-idle", idle, note="3 s after its first page, no press worker beside it")

server = Server(place)
try:
    subprocess.run(
        [BIN / "liuhen-bench", "steps", "--port", str(server.port), "--bureau", "qinghe", "--account", "zhou",
         "--secret", secret_of("zhou")], check=True)
finally:
    server.stop()
