package dev.pointsman.differential;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Features of SecurityPolicy. */
final class Protection {
  private Protection() {}

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** An API key in a header. */
  record ApiKey() implements Feature {
    private static final String KEY = "key-of-alice";

    @Override
    public List<String> security(Attachment attachment) {
      return List.of(
          "apiKeyAuth: {credentialRefs: [{name: " + attachment.route()
              + "-keys}], extractFrom: [{headers: [x-api-key]}], forwardClientIDHeader: x-client-id, sanitize: true}");
    }

    @Override
    public List<String> objects(Attachment attachment) {
      return List.of("""
          apiVersion: v1
          kind: Secret
          metadata: {name: %s-keys, namespace: %s}
          data: {alice: %s}
          """.formatted(attachment.route(), attachment.namespace(), base64(KEY)));
    }

    @Override
    public boolean wantsOwnPath() {
      return true;
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return switch (draw.between(0, 3)) {
        case 0 -> request;
        case 1 -> request.with("x-api-key", "guessed");
        default -> request.with("x-api-key", KEY).with("x-client-id", "mallory");
      };
    }
  }

  /** Basic authentication. */
  record Password() implements Feature {
    @Override
    public List<String> security(Attachment attachment) {
      return List.of("basicAuth: {users: {name: " + attachment.route()
          + "-users}, forwardUsernameHeader: x-user}");
    }

    @Override
    public List<String> objects(Attachment attachment) {
      return List.of("""
          apiVersion: v1
          kind: Secret
          metadata: {name: %s-users, namespace: %s}
          type: Opaque
          data: {.htpasswd: %s}
          """.formatted(
              attachment.route(),
              attachment.namespace(),
              base64("alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n"))); // secret
    }

    @Override
    public boolean wantsOwnPath() {
      return true;
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return switch (draw.between(0, 3)) {
        case 0 -> request;
        case 1 -> request.with("authorization", "Basic " + base64("alice:wrong"));
        default -> request.with("authorization", "Basic " + base64("alice:secret"));
      };
    }
  }

  /** A JSON Web Token, whose claim goes into a header. */
  record Token() implements Feature {
    private static final String KEY = "secret-secret-secret-secret-secret";
    private static final String ISSUER = "https://issuer.example.com";

    @Override
    public List<String> security(Attachment attachment) {
      String keys = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"alg\":\"HS256\",\"k\":\""
          + url(KEY.getBytes(StandardCharsets.US_ASCII)) + "\"}]}";
      return List.of("jwt: {providers: [{name: example, issuer: \"" + ISSUER
          + "\", claimToHeaders: [{header: x-subject, claim: sub}],"
          + " localJWKS: {type: Inline, inline: '" + keys + "'}}]}");
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return switch (draw.between(0, 3)) {
        case 0 -> request;
        case 1 ->
          request.with("authorization", "Bearer " + token(1_000_000_000L)); // expired in 2001
        default ->
          request.with("authorization", "Bearer " + token(4_000_000_000L)); // valid until 2096
      };
    }

    private static String token(long expires) {
      String head = url("{\"alg\":\"HS256\",\"kid\":\"a\"}".getBytes(StandardCharsets.US_ASCII));
      String claims = url("{\"iss\":\"%s\",\"sub\":\"alice\",\"exp\":%d}"
          .formatted(ISSUER, expires)
          .getBytes(StandardCharsets.US_ASCII));
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        byte[] signature = mac.doFinal((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
        return head + "." + claims + "." + url(signature);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private static String url(byte[] bytes) {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
  }

  /**
   * A service of the user's that permits requests with a token (ext_authz).
   *
   * @param body the largest part of the body that it receives, in bytes; 0: none
   */
  record External(int body) implements Feature {
    /** The header with the token. */
    static final String HEADER = "x-token";
    /** The valid token. */
    static final String GOOD = "good";

    @Override
    public List<String> security(Attachment attachment) {
      String withBody = body > 0 ? "bodyToExtAuth: {maxRequestBytes: " + body + "}, " : "";
      return List.of(
          "extAuth: {headersToExtAuth: [" + HEADER + ", " + RequestHeaders.MODEL + "], " + withBody
              + "http: {path: /check, headersToBackend: [x-user, " + Authorizer.RECEIVED + ", "
              + Authorizer.RECEIVED_MODEL
              + "], backendRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: "
              + attachment.route() + "-authorizer}]}}");
    }

    @Override
    public List<String> objects(Attachment attachment) {
      return List.of("""
          apiVersion: gateway.envoyproxy.io/v1alpha1
          kind: Backend
          metadata: {name: %s-authorizer, namespace: %s}
          spec: {endpoints: [{ip: {address: %s, port: %d}}]}
          """.formatted(
              attachment.route(),
              attachment.namespace(),
              attachment.addresses().authorizer().host(),
              attachment.addresses().authorizer().port()));
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return switch (draw.between(0, 4)) {
        case 0 -> request;
        case 1 -> request.with(HEADER, "guessed");
        default -> request.with(HEADER, GOOD).with("x-user", "mallory");
      };
    }
  }

  /** Authorization rules (RBAC) for the teams in a header. */
  record Rules() implements Feature {
    @Override
    public List<String> security(Attachment attachment) {
      return List.of(
          "authorization: {defaultAction: Deny, rules: [{name: teams, action: Allow, principal: {headers: [{name: x-team, values: [a, b]}]}}]}");
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return switch (draw.between(0, 4)) {
        case 0 -> request;
        case 1 -> request.with("x-team", "c");
        default -> request.with("x-team", "a");
      };
    }
  }
}
