"""Authlib's AssertionSession, which signs the grant, fetches the token and sends it by itself."""

import json
import os
import time
import uuid

from authlib.integrations.requests_client import AssertionSession
from authlib.jose import JsonWebKey, JsonWebToken

key = json.loads(os.environ["MASKINPORTEN_CLIENT_JWK"])
now = int(time.time())
session = AssertionSession(
    os.environ["MASKINPORTEN_TOKEN_ENDPOINT"],
    issuer=os.environ["MASKINPORTEN_CLIENT_ID"],
    subject=None,
    audience=os.environ["MASKINPORTEN_ISSUER"],
    grant_type=AssertionSession.JWT_BEARER_GRANT_TYPE,
    claims={"scope": os.environ["MASKINPORTEN_SCOPES"], "jti": str(uuid.uuid4())},
    key=JsonWebKey.import_key(key),
    header={"alg": "RS256", "kid": key["kid"]},
    issued_at=now,
    expires_at=now + 100,
)
# The first request fetches the token.
exchanged = session.get(os.environ["ALTINN_EXCHANGE_URL"])
exchanged.raise_for_status()

metadata = session.get(os.environ["MASKINPORTEN_WELL_KNOWN_URL"], withhold_token=True).json()
keys = JsonWebKey.import_key_set(session.get(metadata["jwks_uri"], withhold_token=True).json())
options = {"iss": {"essential": True, "value": metadata["issuer"]}}
verified = JsonWebToken(["RS256"]).decode(session.token["access_token"], keys, claims_options=options)
verified.validate()

bearer = {"Authorization": "Bearer " + exchanged.text}
listed = session.get(os.environ["ALTINN_INSTANCES_URL"], headers=bearer, withhold_token=True)
listed.raise_for_status()

print(
    json.dumps(
        {
            "issuer": verified["iss"],
            "scope": verified["scope"],
            "consumer": verified["consumer"]["ID"],
            "instances": [one["id"] for one in listed.json()["instances"]],
        }
    )
)
