#!/bin/sh
# curl and openssl. The key is a PEM: openssl reads no JWK.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# base64url, of standard input.
encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
decode() {
  text=$(tr -d '\n' | tr -- '-_' '+/')
  while [ $((${#text} % 4)) -ne 0 ]; do text="$text="; done
  printf '%s' "$text" | openssl base64 -d -A
}
# Of JSON on standard input, the text of a member. Enough for what stands here.
member() { tr -d '\n' | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
fetch() { curl --silent --show-error --fail "$@"; }

now=$(date +%s)
header=$(printf '{"alg":"RS256","kid":"%s"}' "$MASKINPORTEN_CLIENT_KID" | encode)
claims=$(printf '{"aud":"%s","iss":"%s","scope":"%s","iat":%s,"exp":%s,"jti":"%s"}' "$MASKINPORTEN_ISSUER" \
  "$MASKINPORTEN_CLIENT_ID" "$MASKINPORTEN_SCOPES" "$now" "$((now + 100))" "$(openssl rand -hex 16)" | encode)
signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign "$MASKINPORTEN_CLIENT_PEM_FILE" -binary | encode)
token=$(fetch "$MASKINPORTEN_TOKEN_ENDPOINT" --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer \
  --data-urlencode "assertion=$header.$claims.$signature" | member access_token)

# The published key with the token's kid, from its modulus.
metadata=$(fetch "$MASKINPORTEN_WELL_KNOWN_URL")
kid=$(printf '%s' "$token" | cut -d. -f1 | decode | member kid)
key=$(fetch "$(printf '%s' "$metadata" | member jwks_uri)" | tr -d '\n' | tr '{' '\n' | grep "\"kid\" *: *\"$kid\"")
cat >"$folder/key.conf" <<END
asn1=SEQUENCE:key
[key]
algorithm=SEQUENCE:algorithm
bits=BITWRAP,SEQUENCE:public
[algorithm]
oid=OID:rsaEncryption
parameters=NULL
[public]
n=INTEGER:0x$(printf '%s' "$key" | member n | decode | hex)
e=INTEGER:0x$(printf '%s' "$key" | member e | decode | hex)
END
openssl asn1parse -genconf "$folder/key.conf" -out "$folder/key.der" -noout >/dev/null
printf '%s' "$token" | cut -d. -f3 | decode >"$folder/signature"
printf '%s' "$token" | cut -d. -f1,2 | tr -d '\n' |
  openssl dgst -sha256 -verify "$folder/key.der" -keyform DER -signature "$folder/signature" >&2
verified=$(printf '%s' "$token" | cut -d. -f2 | decode)
[ "$(printf '%s' "$verified" | member iss)" = "$(printf '%s' "$metadata" | member issuer)" ]

altinn=$(fetch "$ALTINN_EXCHANGE_URL" --header "Authorization: Bearer $token")
ids=$(fetch "$ALTINN_INSTANCES_URL" --header "Authorization: Bearer $altinn" | tr -d '\n' | tr ',{' '\n\n' |
  sed -n 's#^"id":\("[0-9][0-9]*/[0-9a-f-]\{36\}"\).*#\1#p' | paste -sd, -)
printf '{"issuer":"%s","scope":"%s","consumer":"%s","instances":[%s]}\n' "$(printf '%s' "$verified" | member iss)" \
  "$(printf '%s' "$verified" | member scope)" "$(printf '%s' "$verified" | member ID)" "$ids"
