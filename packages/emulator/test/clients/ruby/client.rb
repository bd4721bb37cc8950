# The standard library alone: openssl, net/http, json.
require 'base64'
require 'json'
require 'net/http'
require 'openssl'
require 'securerandom'

def encode(bytes) = Base64.urlsafe_encode64(bytes, padding: false)
def decode(text) = Base64.urlsafe_decode64(text)
def number(text) = OpenSSL::BN.new(decode(text), 2)

# A key of OpenSSL 3 cannot be put together from its numbers but by its DER (RFC 8017, appendix A.1).
def rsa(jwk, *names)
  numbers = jwk.values_at(*names).map { |text| OpenSSL::ASN1::Integer(number(text)) }
  numbers.unshift(OpenSSL::ASN1::Integer(0)) if names.length > 2
  OpenSSL::PKey::RSA.new(OpenSSL::ASN1::Sequence(numbers).to_der)
end

def send_to(address, request)
  uri = URI(address)
  answer = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') { |http| http.request(request) }
  raise "#{answer.code}: #{answer.body}" unless answer.code == '200'

  answer.body
end

def get(address, bearer = nil)
  request = Net::HTTP::Get.new(URI(address))
  request['Authorization'] = "Bearer #{bearer}" if bearer
  send_to(address, request)
end

key = JSON.parse(ENV.fetch('MASKINPORTEN_CLIENT_JWK'))
now = Time.now.to_i
claims = {
  aud: ENV.fetch('MASKINPORTEN_ISSUER'),
  iss: ENV.fetch('MASKINPORTEN_CLIENT_ID'),
  scope: ENV.fetch('MASKINPORTEN_SCOPES'),
  iat: now,
  exp: now + 100,
  jti: SecureRandom.uuid,
}
input = [{ alg: 'RS256', kid: key['kid'] }, claims].map { |part| encode(part.to_json) }.join('.')
grant = "#{input}.#{encode(rsa(key, 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi').sign('SHA256', input))}"
post = Net::HTTP::Post.new(URI(ENV.fetch('MASKINPORTEN_TOKEN_ENDPOINT')))
post.set_form_data('grant_type' => 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'assertion' => grant)
token = JSON.parse(send_to(ENV.fetch('MASKINPORTEN_TOKEN_ENDPOINT'), post))['access_token']

metadata = JSON.parse(get(ENV.fetch('MASKINPORTEN_WELL_KNOWN_URL')))
header, payload, signature = token.split('.')
kid = JSON.parse(decode(header))['kid']
published = JSON.parse(get(metadata['jwks_uri']))['keys'].find { |one| one['kid'] == kid }
raise 'not signed by the published key' unless rsa(published, 'n', 'e').verify('SHA256', decode(signature), "#{header}.#{payload}")

verified = JSON.parse(decode(payload))
raise 'another issuer' unless verified['iss'] == metadata['issuer']

altinn = get(ENV.fetch('ALTINN_EXCHANGE_URL'), token)
listed = JSON.parse(get(ENV.fetch('ALTINN_INSTANCES_URL'), altinn))
puts({
  issuer: verified['iss'],
  scope: verified['scope'],
  consumer: verified['consumer']['ID'],
  instances: listed['instances'].map { |one| one['id'] },
}.to_json)
