// The standard library alone.
package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

type jwk struct{ Kid, N, E, D, P, Q string }

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func encoded(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

func decoded(text string) []byte { return must(base64.RawURLEncoding.DecodeString(text)) }

func number(text string) *big.Int { return new(big.Int).SetBytes(decoded(text)) }

func (key jwk) public() rsa.PublicKey {
	return rsa.PublicKey{N: number(key.N), E: int(number(key.E).Int64())}
}

func grant() string {
	var key jwk
	if err := json.Unmarshal([]byte(os.Getenv("MASKINPORTEN_CLIENT_JWK")), &key); err != nil {
		log.Fatal(err)
	}
	private := rsa.PrivateKey{PublicKey: key.public(), D: number(key.D), Primes: []*big.Int{number(key.P), number(key.Q)}}
	private.Precompute()
	now := time.Now().Unix()
	id := make([]byte, 16)
	must(rand.Read(id))
	header := must(json.Marshal(map[string]string{"alg": "RS256", "kid": key.Kid}))
	claims := must(json.Marshal(map[string]any{
		"aud":   os.Getenv("MASKINPORTEN_ISSUER"),
		"iss":   os.Getenv("MASKINPORTEN_CLIENT_ID"),
		"scope": os.Getenv("MASKINPORTEN_SCOPES"),
		"iat":   now,
		"exp":   now + 100,
		"jti":   fmt.Sprintf("%x", id),
	}))
	input := encoded(header) + "." + encoded(claims)
	digest := sha256.Sum256([]byte(input))
	return input + "." + encoded(must(rsa.SignPKCS1v15(rand.Reader, &private, crypto.SHA256, digest[:])))
}

func read(answer *http.Response) []byte {
	defer answer.Body.Close()
	body := must(io.ReadAll(answer.Body))
	if answer.StatusCode != http.StatusOK {
		log.Fatalf("%s: %s", answer.Status, body)
	}
	return body
}

func get(address string, bearer string) []byte {
	request := must(http.NewRequest(http.MethodGet, address, nil))
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	return read(must(http.DefaultClient.Do(request)))
}

func parsed[T any](body []byte) (value T) {
	if err := json.Unmarshal(body, &value); err != nil {
		log.Fatal(err)
	}
	return value
}

type claims struct {
	Iss, Scope string
	Consumer   struct{ ID string }
}

func verify(token string, published []jwk) claims {
	parts := strings.Split(token, ".")
	header := parsed[jwk](decoded(parts[0]))
	for _, key := range published {
		if key.Kid != header.Kid {
			continue
		}
		public := key.public()
		digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		if err := rsa.VerifyPKCS1v15(&public, crypto.SHA256, digest[:], decoded(parts[2])); err != nil {
			log.Fatal(err)
		}
		return parsed[claims](decoded(parts[1]))
	}
	log.Fatal("no key with this kid")
	return claims{}
}

func main() {
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {grant()}}
	answer := must(http.PostForm(os.Getenv("MASKINPORTEN_TOKEN_ENDPOINT"), form))
	token := parsed[struct {
		AccessToken string `json:"access_token"`
	}](read(answer)).AccessToken

	metadata := parsed[struct {
		Issuer string
		Jwks   string `json:"jwks_uri"`
	}](get(os.Getenv("MASKINPORTEN_WELL_KNOWN_URL"), ""))
	verified := verify(token, parsed[struct{ Keys []jwk }](get(metadata.Jwks, "")).Keys)
	if verified.Iss != metadata.Issuer {
		log.Fatal("another issuer")
	}

	altinn := string(get(os.Getenv("ALTINN_EXCHANGE_URL"), token))
	listed := parsed[struct{ Instances []struct{ Id string } }](get(os.Getenv("ALTINN_INSTANCES_URL"), altinn))
	ids := []string{}
	for _, one := range listed.Instances {
		ids = append(ids, one.Id)
	}
	fmt.Println(string(must(json.Marshal(map[string]any{
		"issuer":    verified.Iss,
		"scope":     verified.Scope,
		"consumer":  verified.Consumer.ID,
		"instances": ids,
	}))))
}
