"""A small OpenID Connect provider on the loopback address: discovery, sign-in, tokens, keys."""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT = "planner"
CLIENT_SECRET = "client-secret-" + secrets.token_hex(8)

PEOPLE = {
    "editor": {"email": "li@planning.example", "name": "李编辑"},
    "viewer": {"email": "Wang@Bureau.example", "name": "王查看"},
    "member": {"email": "zhao@other.example", "name": "赵组员", "groups": ["planners"]},
    "stranger": {"email": "eve@elsewhere.example", "name": "Eve <img src=x onerror=top.__ran=1>"},
    "unproven": {"email": "li@planning.example", "name": "Mallory", "email_verified": False},
}


def packed(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class Provider:
    """Signs in whoever is clicked on; `forge` signs tokens with a key that is not published."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.forge = False
        self.age_s = 0
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                provider.asked.append(self.path)
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                provider.get(self, parts.path, query)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                provider.token(self, form)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def get(self, request: BaseHTTPRequestHandler, path: str, query: dict[str, str]) -> None:
        if path == "/.well-known/openid-configuration":
            answer(request, 200, json.dumps(self._metadata()))
        elif path == "/jwks":
            answer(request, 200, json.dumps({"keys": [self._public()]}))
        elif path == "/authorize":
            targets = {who: html.escape(urlencode({**query, "who": who})) for who in PEOPLE}
            links = [f'<p><a href="/choose?{to}">{who}</a></p>' for who, to in targets.items()]
            answer(request, 200, "".join(links), "text/html")
        elif path == "/choose":
            code = secrets.token_hex(8)
            self.codes[code] = query
            back = {"code": code, "state": query["state"]}
            go(request, f"{query['redirect_uri']}?{urlencode(back)}")
        elif path == "/logout":
            go(request, query["post_logout_redirect_uri"])
        else:
            answer(request, 404, "{}")

    def token(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        asked = self.codes.pop(form["code"], None)
        proof = packed(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        fits = (
            kind == "Basic"
            and (unquote(name), unquote(secret)) == (CLIENT, CLIENT_SECRET)
            and asked is not None
            and asked["redirect_uri"] == form["redirect_uri"]
            and asked["code_challenge"] == proof
        )
        if not fits:
            answer(request, 400, json.dumps({"error": "invalid_grant"}))
            return
        tokens = {
            "access_token": secrets.token_hex(8),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self._signed(asked),
        }
        answer(request, 200, json.dumps(tokens))

    def _metadata(self) -> dict[str, object]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _public(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        parts = {"n": numbers.n, "e": numbers.e}
        coded = {
            name: packed(value.to_bytes((value.bit_length() + 7) // 8, "big"))
            for name, value in parts.items()
        }
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", **coded}

    def _signed(self, asked: dict[str, str]) -> str:
        now = int(time.time()) - self.age_s
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": asked["who"],
            "iat": now,
            "exp": int(time.time()) + 300,
            "nonce": asked["nonce"],
            "email_verified": True,
            **PEOPLE[asked["who"]],
        }
        head = packed(json.dumps({"alg": "RS256", "kid": "one"}).encode())
        text = f"{head}.{packed(json.dumps(claims).encode())}"
        key = self.other_key if self.forge else self.key
        signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{packed(signature)}"


def answer(
    request: BaseHTTPRequestHandler, status: int, text: str, kind: str = "application/json"
) -> None:
    body = text.encode()
    request.send_response(status)
    request.send_header("content-type", f"{kind}; charset=utf-8")
    request.send_header("content-length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def go(request: BaseHTTPRequestHandler, url: str) -> None:
    request.send_response(302)
    request.send_header("location", url)
    request.send_header("content-length", "0")
    request.end_headers()
