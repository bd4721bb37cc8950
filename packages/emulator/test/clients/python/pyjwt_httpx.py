"""PyJWT signs and verifies, httpx sends, asynchronously."""

import asyncio
import json
import os
import time
import uuid

import httpx
import jwt


def grant() -> str:
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
    return jwt.encode(claims, jwt.PyJWK(key).key, algorithm="RS256", headers={"kid": key["kid"]})


async def main() -> None:
    async with httpx.AsyncClient(timeout=20) as client:

        async def get(url: str, bearer: str | None = None) -> httpx.Response:
            answer = await client.get(url, headers={"Authorization": "Bearer " + bearer} if bearer else {})
            answer.raise_for_status()
            return answer

        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": grant()}
        answer = await client.post(os.environ["MASKINPORTEN_TOKEN_ENDPOINT"], data=form)
        answer.raise_for_status()
        token = answer.json()["access_token"]

        metadata = (await get(os.environ["MASKINPORTEN_WELL_KNOWN_URL"])).json()
        keys = jwt.PyJWKSet.from_dict((await get(metadata["jwks_uri"])).json())
        public = next(one for one in keys.keys if one.key_id == jwt.get_unverified_header(token)["kid"])
        verified = jwt.decode(token, public.key, algorithms=["RS256"], issuer=metadata["issuer"])

        altinn = (await get(os.environ["ALTINN_EXCHANGE_URL"], token)).text
        listed = (await get(os.environ["ALTINN_INSTANCES_URL"], altinn)).json()

    shown = {
        "issuer": verified["iss"],
        "scope": verified["scope"],
        "consumer": verified["consumer"]["ID"],
        "instances": [one["id"] for one in listed["instances"]],
    }
    print(json.dumps(shown))


asyncio.run(main())
