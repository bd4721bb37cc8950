"""PyJWT signs and verifies, requests sends."""

import json
import os
import time
import uuid

import jwt
import requests

key = json.loads(os.environ["MASKINPORTEN_CLIENT_JWK"])
now = int(time.time())
claims = {
    "aud": os.environ["MASKINPORTEN_ISSUER"],
    "iss": os.environ["MASKINPORTEN_CLIENT_ID"],
    "scope": os.environ["MASKINPORTEN_SCOPES"],
    "iat": now,
    "exp": now + 100,
    "jti": str(uuid.uuid4()),
}
grant = jwt.encode(claims, jwt.PyJWK(key).key, algorithm="RS256", headers={"kid": key["kid"]})
form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": grant}
answer = requests.post(os.environ["MASKINPORTEN_TOKEN_ENDPOINT"], data=form, timeout=20)
answer.raise_for_status()
token = answer.json()["access_token"]

metadata = requests.get(os.environ["MASKINPORTEN_WELL_KNOWN_URL"], timeout=20).json()
keys = jwt.PyJWKSet.from_dict(requests.get(metadata["jwks_uri"], timeout=20).json())
public = next(one for one in keys.keys if one.key_id == jwt.get_unverified_header(token)["kid"])
verified = jwt.decode(token, public.key, algorithms=["RS256"], issuer=metadata["issuer"])

bearer = {"Authorization": "Bearer " + token}
exchanged = requests.get(os.environ["ALTINN_EXCHANGE_URL"], headers=bearer, timeout=20)
exchanged.raise_for_status()
bearer = {"Authorization": "Bearer " + exchanged.text}
listed = requests.get(os.environ["ALTINN_INSTANCES_URL"], headers=bearer, timeout=20)
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
