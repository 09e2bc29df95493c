"""A process beside the proxy, in its pod: shares its network (and /dev/shm), not its user.

get PATH      prints what the proxy's admin port answers
knock USER    tries, as the user with this number, all sockets of the proxy's own: with the header of a model, with all
              that the admin port tells about the matches behind the socket, in HTTP/1.1 and in HTTP/2. As root and as
              the proxy's own user it does without the admin port. Prints a line for each try.
"""
import glob, http.client, json, os, re, socket, struct, sys

ADMIN = ("127.0.0.1", 19000)
HOST, MODEL = "secret.example.com", "secret"
BODY = json.dumps({"messages": [{"content": "who are you?", "role": "user"}], "model": MODEL}).encode()


def get(path):
    connection = http.client.HTTPConnection(*ADMIN, timeout=20)
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def sockets():
    names = set(glob.glob("/dev/shm/*.sock"))
    for line in open("/proc/net/unix"):
        fields = line.split()
        if len(fields) > 7 and (fields[7].startswith("@") or fields[7].startswith("/")):
            names.add(fields[7])
    return sorted(name for name in names if "pointsman" in name)


def told():
    """Headers that routes of the loops match, and values with them."""
    found = set()
    for match in re.finditer(r'\{[^{}]*"name":\s*"([^"]+)",\s*"string_match":\s*\{\s*"exact":\s*"([^"]*)"', get("/config_dump")):
        if not match.group(1).startswith(":"):
            found.add(match.groups())
    return sorted(found)[:200]


def request(extra):
    return [("content-type", "application/json"), ("x-stub-report", "yes"), ("x-gateway-model-name", MODEL),
            ("content-length", str(len(BODY)))] + [pair for pair in extra if pair[0] != "x-gateway-model-name"]


def http1(extra):
    lines = [f"POST /v1/chat/completions HTTP/1.1", f"host: {HOST}"] + [f"{name}: {value}" for name, value in request(extra)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + BODY


def http2(extra):
    def text(value):
        data = value.encode()
        prefix = bytes([len(data)]) if len(data) < 127 else b"\x7f" + number(len(data) - 127)
        return prefix + data

    def number(rest):
        out = b""
        while rest >= 128:
            out, rest = out + bytes([rest % 128 | 128]), rest // 128
        return out + bytes([rest])

    pairs = [(":method", "POST"), (":scheme", "http"), (":path", "/v1/chat/completions"), (":authority", HOST)]
    block = b"".join(b"\x00" + text(name) + text(value) for name, value in pairs + request(extra))

    def frame(kind, flags, stream, payload):
        return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload

    return (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 4, 1, block) + frame(0, 1, 1, BODY))


def knock(name, sent):
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(0.4)
        try:
            peer.connect("\0" + name[1:] if name.startswith("@") else name)
            peer.sendall(sent)
            answer = b""
            while b"served_by" not in answer:
                part = peer.recv(65536)
                if not part:
                    break
                answer += part
            return answer
        except TimeoutError:
            return answer
        except OSError as failure:
            return str(failure).encode()


if sys.argv[1] == "get":
    print(get(sys.argv[2]))
else:
    user, tries = int(sys.argv[2]), [[]]
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    if user not in (0, 65532):
        tries += [[pair] for pair in told()]
    for name in sockets():
        for extra in tries:
            for version, sent in (("HTTP/1.1", http1(extra)), ("HTTP/2", http2(extra))):
                answer = knock(name, sent)
                print(name, version, extra, "REACHED" if b"good-" in answer else answer[:60], flush=True)
