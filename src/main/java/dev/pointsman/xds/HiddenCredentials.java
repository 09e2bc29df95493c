package dev.pointsman.xds;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.pointsman.envoy.newer.CookieMatcher;
import dev.pointsman.envoy.newer.NewerRouteMatch;
import dev.pointsman.model.SecretHeaders;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.Credential;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuth;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.GenericSecret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsSessionTicketKeys;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * xDS without credentials: API keys, password hashes, private keys, values of headers, settings of users' own programs. Each
 * is replaced by a keyed digest, so that equal credentials stay equal and nothing else changes. Scripts, fixed responses and
 * configurations of unknown types are not looked into.
 */
public final class HiddenCredentials {
  private static final int KEY_BYTES = 32;
  private static final int DIGITS = 16;
  private static final int PASSWORD_HASH_BYTES = 20;

  /**
   * Values that only refer to something, as {@code %REQ(:path)%}. A repetition that gives nothing back needs no stack: the
   * values are of tenants.
   */
  private static final Pattern REFERENCES =
      Pattern.compile("(?:%[A-Z][A-Z0-9_]*(?:\\([^%]*\\))?(?::\\d+)?%)++");

  private final HashFunction digest;
  private final HiddenConfigurations configurations = new HiddenConfigurations(this::digest);

  /** @param key of the digests, random and never kept: short credentials could be guessed from plain digests */
  public HiddenCredentials(byte[] key) {
    digest = Hashing.hmacSha256(key);
  }

  /** Digests with a key that nobody knows. */
  public static HiddenCredentials withRandomKey() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return new HiddenCredentials(key);
  }

  /** The resource without credentials; the same object if it has none. */
  public Message in(Message resource) {
    Message hidden = KnownTypes.everywhere(resource, this::hide);
    return hidden.equals(resource) ? resource : hidden;
  }

  private Message hide(Message message) {
    return switch (message) {
      case HeaderValue header
      when !SecretHeaders.isHarmless(header.getKey())
          && !REFERENCES.matcher(header.getValue()).matches() -> hide(header);
      case HeaderMatcher header when SecretHeaders.contains(header.getName()) -> hide(header);
      case QueryParameterMatcher parameter
      when SecretHeaders.contains(parameter.getName()) ->
        parameter.hasStringMatch()
            ? parameter.toBuilder()
                .setStringMatch(exact(parameter.getStringMatch()))
                .build()
            : parameter;
      case RouteMatch match when KnownTypes.hasUnknownFields(match) -> hideCookies(match);
      case CookieMatcher cookie ->
        cookie.toBuilder().setStringMatch(exact(cookie.getStringMatch())).build();
      case Credential key -> key.toBuilder().setKey(digest(key.getKey())).build();
      case BasicAuth users
      when users.hasUsers() ->
        users.toBuilder().setUsers(passwords(users.getUsers())).build();
      case BasicAuthPerRoute users
      when users.hasUsers() ->
        users.toBuilder().setUsers(passwords(users.getUsers())).build();
      case JwtProvider provider
      when provider.hasLocalJwks() ->
        provider.toBuilder().setLocalJwks(keys(provider.getLocalJwks())).build();
      case TlsCertificate certificate -> hide(certificate);
      case GenericSecret secret -> hide(secret);
      case TlsSessionTicketKeys keys -> {
        TlsSessionTicketKeys.Builder hidden = keys.toBuilder().clearKeys();
        keys.getKeysList().forEach(key -> hidden.addKeys(whole(key)));
        yield hidden.build();
      }
      default -> configurations.hide(message);
    };
  }

  private Message hide(HeaderValue header) {
    if (header.getValue().isEmpty() && header.getRawValue().isEmpty()) {
      return header;
    }
    return header.getRawValue().isEmpty()
        ? header.toBuilder().setValue(digest(header.getValue())).build()
        : header.toBuilder()
            .setRawValue(ByteString.copyFromUtf8(digest(header.getRawValue().toStringUtf8())))
            .build();
  }

  /** Presence is no credential; the older kinds of conditions become the newer one. */
  private Message hide(HeaderMatcher header) {
    return switch (header.getHeaderMatchSpecifierCase()) {
      case PRESENT_MATCH, RANGE_MATCH, HEADERMATCHSPECIFIER_NOT_SET -> header;
      case STRING_MATCH ->
        header.toBuilder().setStringMatch(exact(header.getStringMatch())).build();
      default -> {
        ByteString condition = header.toBuilder().clearName().build().toByteString();
        yield header.toBuilder()
            .setStringMatch(StringMatcher.newBuilder().setExact(digest(condition)))
            .build();
      }
    };
  }

  /** Conditions on cookies, which the jar's message does not have. Fields that Envoy would refuse are left out. */
  private Message hideCookies(RouteMatch match) {
    try {
      Message newer = NewerRouteMatch.parseFrom(match.getUnknownFields().toByteString());
      return match.toBuilder()
          .setUnknownFields(
              UnknownFieldSet.parseFrom(KnownTypes.everywhere(newer, this::hide).toByteString()))
          .build();
    } catch (InvalidProtocolBufferException unreadable) {
      return match.toBuilder()
          .setUnknownFields(UnknownFieldSet.getDefaultInstance())
          .build();
    }
  }

  private StringMatcher exact(StringMatcher condition) {
    return StringMatcher.newBuilder()
        .setExact(
            condition.hasExact() ? digest(condition.getExact()) : digest(condition.toByteString()))
        .build();
  }

  private Message hide(TlsCertificate certificate) {
    TlsCertificate.Builder hidden = certificate.toBuilder();
    if (certificate.hasPrivateKey()) {
      hidden.setPrivateKey(whole(certificate.getPrivateKey()));
    }
    if (certificate.hasPassword()) {
      hidden.setPassword(whole(certificate.getPassword()));
    }
    if (certificate.hasPkcs12()) {
      hidden.setPkcs12(whole(certificate.getPkcs12()));
    }
    return hidden.build();
  }

  private Message hide(GenericSecret secret) {
    GenericSecret.Builder hidden = secret.toBuilder();
    if (secret.hasSecret()) {
      hidden.setSecret(whole(secret.getSecret()));
    }
    secret.getSecretsMap().forEach((name, source) -> hidden.putSecrets(name, whole(source)));
    return hidden.build();
  }

  /** Lines of {@code user:{SHA}hash}, as Envoy reads them. */
  private DataSource passwords(DataSource source) {
    return isInline(source)
        ? with(text(source).lines().map(this::password).collect(Collectors.joining("\n")), source)
        : source;
  }

  private String password(String line) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      return line.isBlank() ? line : digest(line);
    }
    byte[] hash = new byte[PASSWORD_HASH_BYTES];
    System.arraycopy(
        digest.hashString(line, StandardCharsets.UTF_8).asBytes(), 0, hash, 0, hash.length);
    return line.substring(0, colon) + ":{SHA}" + BaseEncoding.base64().encode(hash);
  }

  /** Sets of keys are public but for symmetric ones ({@code "kty": "oct"}). */
  private DataSource keys(DataSource source) {
    return text(source).contains("\"oct\"") ? with("{\"keys\":[]}", source) : source;
  }

  private DataSource whole(DataSource source) {
    return isInline(source) ? with(digest(text(source)), source) : source;
  }

  private static boolean isInline(DataSource source) {
    return source.hasInlineString() || source.hasInlineBytes();
  }

  private static String text(DataSource source) {
    return source.hasInlineBytes()
        ? source.getInlineBytes().toStringUtf8()
        : source.getInlineString();
  }

  private static DataSource with(String text, DataSource like) {
    DataSource.Builder source = DataSource.newBuilder();
    return like.hasInlineBytes()
        ? source.setInlineBytes(ByteString.copyFromUtf8(text)).build()
        : source.setInlineString(text).build();
  }

  private String digest(String credential) {
    return digest(ByteString.copyFromUtf8(credential));
  }

  private String digest(ByteString credential) {
    return "hidden-" + digest.hashBytes(credential.toByteArray()).toString().substring(0, DIGITS);
  }
}
