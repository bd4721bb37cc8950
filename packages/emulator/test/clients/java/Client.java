import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The JDK alone: java.net.http sends, java.security signs and verifies. {@code java Client.java} runs it. */
class Client {
  private static final HttpClient http = HttpClient.newHttpClient();

  public static void main(String[] args) throws Exception {
    String key = env("MASKINPORTEN_CLIENT_JWK");
    String header = "{\"alg\":\"RS256\",\"kid\":\"" + text(key, "kid") + "\"}";
    long now = Instant.now().getEpochSecond();
    String claims =
        "{\"aud\":\"" + env("MASKINPORTEN_ISSUER") + "\",\"iss\":\"" + env("MASKINPORTEN_CLIENT_ID")
            + "\",\"scope\":\"" + env("MASKINPORTEN_SCOPES") + "\",\"iat\":" + now + ",\"exp\":" + (now + 100)
            + ",\"jti\":\"" + UUID.randomUUID() + "\"}";
    String input = encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
    Signature signer = Signature.getInstance("SHA256withRSA");
    signer.initSign(KeyFactory.getInstance("RSA").generatePrivate(new RSAPrivateKeySpec(number(key, "n"), number(key, "d"))));
    signer.update(input.getBytes(StandardCharsets.US_ASCII));
    String form =
        "grant_type=" + URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", StandardCharsets.UTF_8)
            + "&assertion=" + input + "." + encode(signer.sign());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(env("MASKINPORTEN_TOKEN_ENDPOINT")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    String token = text(send(request), "access_token");

    String metadata = get(env("MASKINPORTEN_WELL_KNOWN_URL"), null);
    String[] parts = token.split("\\.");
    String kid = text(decode(parts[0]), "kid");
    String published = object(get(text(metadata, "jwks_uri"), null), kid);
    Signature verifier = Signature.getInstance("SHA256withRSA");
    RSAPublicKeySpec spec = new RSAPublicKeySpec(number(published, "n"), number(published, "e"));
    verifier.initVerify(KeyFactory.getInstance("RSA").generatePublic(spec));
    verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    if (!verifier.verify(Base64.getUrlDecoder().decode(parts[2]))) throw new IllegalStateException("not signed by the published key");
    String verified = decode(parts[1]);
    if (!text(verified, "iss").equals(text(metadata, "issuer"))) throw new IllegalStateException("another issuer");

    String altinn = get(env("ALTINN_EXCHANGE_URL"), token);
    String listed = get(env("ALTINN_INSTANCES_URL"), altinn);
    String ids =
        Pattern.compile("\"id\":\"(\\d+/[0-9a-f-]{36})\"").matcher(listed).results()
            .map(found -> "\"" + found.group(1) + "\"").collect(Collectors.joining(","));
    System.out.println(
        "{\"issuer\":\"" + text(verified, "iss") + "\",\"scope\":\"" + text(verified, "scope")
            + "\",\"consumer\":\"" + text(verified, "ID") + "\",\"instances\":[" + ids + "]}");
  }

  private static String env(String name) {
    return System.getenv(name);
  }

  private static String get(String url, String bearer) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    return send((bearer == null ? request : request.header("Authorization", "Bearer " + bearer)).build());
  }

  private static String send(HttpRequest request) throws Exception {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
    return answer.body();
  }

  /** Enough of a JSON reader for what stands here; the JDK has none. */
  private static String text(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
    if (!found.find()) throw new IllegalStateException("no " + name);
    return found.group(1);
  }

  /** The object of a list that has this kid. */
  private static String object(String json, String kid) {
    return Pattern.compile("\\{[^{}]*}").matcher(json).results().map(found -> found.group())
        .filter(one -> one.contains("\"" + kid + "\"")).findFirst().orElseThrow();
  }

  private static BigInteger number(String jwk, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(text(jwk, name)));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String decode(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }
}
