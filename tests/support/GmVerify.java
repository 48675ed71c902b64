import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * Checks a detached CMS in the identifiers of GM/T 0010. Arguments: the CMS, the signed bytes, the authority, and where a
 * stamp is expected the time authority's certificate (all DER).
 */
public class GmVerify {
  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    byte[] content = Files.readAllBytes(Path.of(arguments[1]));
    CMSSignedData signed =
        new CMSSignedData(
            new CMSProcessableByteArray(
                new ASN1ObjectIdentifier("1.2.156.10197.6.1.4.2.1"), content),
            Files.readAllBytes(Path.of(arguments[0])));
    CertificateFactory factory = CertificateFactory.getInstance("X.509", "BC");
    X509Certificate authority;
    try (FileInputStream file = new FileInputStream(arguments[2])) {
      authority = (X509Certificate) factory.generateCertificate(file);
    }
    System.out.println("content " + signed.getSignedContentTypeOID());
    for (SignerInformation signer : signed.getSignerInfos().getSigners()) {
      X509CertificateHolder holder =
          (X509CertificateHolder) signed.getCertificates().getMatches(signer.getSID()).iterator().next();
      X509Certificate certificate =
          (X509Certificate)
              factory.generateCertificate(new java.io.ByteArrayInputStream(holder.getEncoded()));
      certificate.verify(authority.getPublicKey(), "BC");
      System.out.println("digest " + signer.getDigestAlgOID());
      System.out.println("signature " + signer.getEncryptionAlgOID());
      boolean isValid;
      try {
        isValid = signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate));
      } catch (org.bouncycastle.cms.CMSException refused) {
        isValid = false;
      }
      System.out.println(isValid ? "valid" : "invalid");
      if (arguments.length > 3) System.out.println(judgeStamp(signer, arguments[3]));
    }
  }

  /** RFC 3161, 2.2: the stamp's imprint is the digest of the signature, and the time authority signed it. */
  private static String judgeStamp(SignerInformation signer, String authorityFile) throws Exception {
    Attribute attribute =
        signer.getUnsignedAttributes().get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
    if (attribute == null) return "no stamp";
    TimeStampToken token =
        new TimeStampToken(
            new CMSSignedData(attribute.getAttrValues().getObjectAt(0).toASN1Primitive().getEncoded()));
    X509CertificateHolder authority =
        new X509CertificateHolder(Files.readAllBytes(Path.of(authorityFile)));
    try {
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(authority));
    } catch (TSPException refused) {
      return "stamp invalid";
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(signer.getSignature());
    boolean isOurs = Arrays.equals(digest, token.getTimeStampInfo().getMessageImprintDigest());
    return isOurs ? "stamp valid " + token.getTimeStampInfo().getGenTime().toInstant() : "stamp of another";
  }
}
