package dev.pointsman.server;

import dev.pointsman.model.LineLimit;
import dev.pointsman.model.UserStrings;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rejects and logs clients without a client certificate, or with one that the client CA has not signed or that is for
 * another name. TLS rejects the latter. The former may connect, but their calls fail, so both sides log the reason:
 * without a connection, Envoy Gateway would wait for ever without a log line.
 */
final class ClientCertificates extends ServerTransportFilter implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);

  /** The longest text that a client chooses in a line. */
  private static final int LONGEST = 200;

  /** The type of a DNS name among the names of a certificate (RFC 5280, GeneralName). */
  private static final Integer DNS_NAME = 2;

  private final Path clientCa;
  private final Optional<String> name;
  private final LineLimit lines;

  /**
   * The verification of a port's clients.
   *
   * @param name the DNS name that a certificate must have; empty: the CA's signature is enough
   * @param lines limits the log for all ports: whoever connects causes lines
   */
  ClientCertificates(Path clientCa, Optional<String> name, LineLimit lines) {
    this.clientCa = clientCa;
    this.name = name;
    this.lines = lines;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    if (!presented(attributes)) {
      log("%s presents no client certificate: its calls are rejected"
          .formatted(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    }
    return attributes;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (presented(call.getAttributes())) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.UNAUTHENTICATED.withDescription(
            "Pointsman's port requires a client certificate that its client CA has signed"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static boolean presented(Attributes attributes) {
    SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null && session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  /** Wraps a verifier of clients and logs the rejected ones. */
  X509ExtendedTrustManager logging(X509ExtendedTrustManager verifier) {
    return new X509ExtendedTrustManager() {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
          throws CertificateException {
        try {
          verifier.checkClientTrusted(chain, type, engine);
          requireName(chain[0]);
        } catch (CertificateException e) {
          throw refused(chain, e);
        }
      }

      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
          throws CertificateException {
        throw new CertificateException("not over sockets");
      }

      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type)
          throws CertificateException {
        throw new CertificateException("not without an engine");
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
          throws CertificateException {
        throw new CertificateException("for clients only");
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
          throws CertificateException {
        throw new CertificateException("for clients only");
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type)
          throws CertificateException {
        throw new CertificateException("for clients only");
      }

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        // Clients would get the list of the start, and clients of a new CA would not present
        // their certificate.
        return new X509Certificate[0];
      }
    };
  }

  private void requireName(X509Certificate certificate) throws CertificateException {
    if (name.isEmpty()) {
      return;
    }
    Collection<List<?>> all = certificate.getSubjectAlternativeNames(); // null: it has none
    List<String> names = all == null
        ? List.of()
        : all.stream()
            .filter(one -> one.getFirst().equals(DNS_NAME))
            .map(one -> String.valueOf(one.getLast()))
            .toList();
    if (names.stream().noneMatch(name.get()::equalsIgnoreCase)) {
      throw new CertificateException(
          "it is for %s, not for %s (--grpc-client-name)".formatted(names, name.get()));
    }
  }

  private CertificateException refused(X509Certificate[] chain, CertificateException why) {
    log("a client with the certificate %s, signed by %s, is rejected: %s (CAs: %s)"
        .formatted(
            UserStrings.legible(chain[0].getSubjectX500Principal().toString(), LONGEST),
            UserStrings.legible(chain[0].getIssuerX500Principal().toString(), LONGEST),
            UserStrings.legible(String.valueOf(why.getMessage()), LONGEST),
            clientCa));
    return why;
  }

  private void log(String line) {
    String client =
        line.replaceFirst("^(/[^ ]*):\\d+ ", "$1 "); // the port differs for each connection
    lines.line(client).ifPresent(LOG::warn);
  }
}
